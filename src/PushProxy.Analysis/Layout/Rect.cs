namespace PushProxy.Analysis.Layout;

/// <summary>A rectangle in CSS pixels, from the upper left corner of the page.</summary>
internal readonly record struct Rect(double X, double Y, double Width, double Height)
{
    /// <summary>Its area.</summary>
    public double Area => Math.Max(0, Width) * Math.Max(0, Height);

    /// <summary>The part of it within a viewport that has not been scrolled.</summary>
    public Rect Within(ClientProfile client)
    {
        var (left, top) = (Math.Max(0, X), Math.Max(0, Y));
        return new(left, top, Math.Min(client.Width, X + Width) - left, Math.Min(client.Height, Y + Height) - top);
    }

    /// <summary>The smallest one around two; one without area counts for nothing.</summary>
    public Rect Union(Rect other)
    {
        if (Area == 0 || other.Area == 0)
        {
            return Area == 0 ? other : this;
        }

        var (left, top) = (Math.Min(X, other.X), Math.Min(Y, other.Y));
        return new(left, top, Math.Max(X + Width, other.X + other.Width) - left, Math.Max(Y + Height, other.Y + other.Height) - top);
    }
}

/// <summary>The four sides of a margin or a padding, in CSS pixels.</summary>
internal readonly record struct Edges(double Top, double Right, double Bottom, double Left)
{
    /// <summary>Left and right together.</summary>
    public double Horizontal => Left + Right;

    /// <summary>Top and bottom together.</summary>
    public double Vertical => Top + Bottom;
}

/// <summary>The size of an image in its own pixels.</summary>
internal readonly record struct ImageSize(double Width, double Height);
