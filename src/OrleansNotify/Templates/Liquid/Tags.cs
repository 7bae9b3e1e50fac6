using DotLiquid;
using DotLiquid.Tags;

namespace OrleansNotify.Templates.Liquid;

/// <summary><c>assign</c> whose text cannot double without end.</summary>
internal sealed class BoundedAssign : Assign
{
    public override void Render(Context context, TextWriter result)
    {
        base.Render(context, result);
        if (context.Scopes[^1][Markup[..Markup.IndexOf('=', StringComparison.Ordinal)].Trim()] is string text)
            BoundExceededException.ThrowIfOver(LiquidEngine.MaxTextLength, text.Length);
    }
}

/// <summary><c>capture</c> whose text is bounded, and not escaped a second time when it is put out.</summary>
internal sealed class SafeCapture : Capture
{
    public override void Render(Context context, TextWriter result)
    {
        using var caught = new BoundedWriter(LiquidEngine.MaxTextLength);
        var outer = LiquidEngine.Redirect(caught);
        RenderAll(NodeList, context, caught);
        LiquidEngine.Redirect(outer);
        context.Scopes[^1][Markup.Trim()] = new SafeText(caught.ToString());
    }
}
