namespace PushProxy.Analysis;

/// <summary>What an analysis spends its time and memory on. One that ended early names what its budget ran out on.</summary>
public enum AnalysisCost
{
    /// <summary>The page's HTML: parsing it, its tree, and what its elements name.</summary>
    Html,

    /// <summary>Stylesheets and style elements: parsing them, what they import, and their layers.</summary>
    Stylesheets,

    /// <summary>Media queries.</summary>
    Media,

    /// <summary>Comparing elements with selectors.</summary>
    Selectors,

    /// <summary>The declarations that apply to elements.</summary>
    Styles,

    /// <summary>Custom properties, and the text they are replaced by.</summary>
    Variables,

    /// <summary>Fonts, and the characters displayed in them.</summary>
    Fonts,

    /// <summary>The boxes of the page.</summary>
    Layout,

    /// <summary>Images and their sources.</summary>
    Images,

    /// <summary>Scripts, modules and import maps.</summary>
    Scripts,
}
