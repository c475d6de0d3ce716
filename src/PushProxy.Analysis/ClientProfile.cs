using System.ComponentModel.DataAnnotations;

namespace PushProxy.Analysis;

/// <summary>The screen a page is displayed on, as far as it decides what the page needs.</summary>
public sealed record ClientProfile
{
    /// <summary>A desktop browser: 1280 x 720 at one device pixel a CSS pixel.</summary>
    public static ClientProfile Desktop { get; } = new();

    /// <summary>A telephone held upright: 412 x 823 at 2.625 device pixels a CSS pixel.</summary>
    public static ClientProfile Mobile { get; } = new() { Width = 412, Height = 823, PixelRatio = 2.625, IsTouch = true };

    /// <summary>The viewport's width in CSS pixels, as <c>Sec-CH-Viewport-Width</c> tells it. 1,280; 1 to 32,767.</summary>
    [Range(1, 32_767)]
    public int Width { get; init; } = 1280;

    /// <summary>The viewport's height in CSS pixels, as <c>Sec-CH-Viewport-Height</c> tells it. 720; 1 to 32,767.</summary>
    [Range(1, 32_767)]
    public int Height { get; init; } = 720;

    /// <summary>Device pixels a CSS pixel, as <c>Sec-CH-DPR</c> tells it. 1; 0.1 to 16.</summary>
    [Range(0.1, 16)]
    public double PixelRatio { get; init; } = 1;

    /// <summary>Whether it is used with fingers: <c>(pointer: coarse)</c>, <c>(hover: none)</c>.</summary>
    public bool IsTouch { get; init; }
}
