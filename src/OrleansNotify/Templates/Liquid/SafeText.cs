namespace OrleansNotify.Templates.Liquid;

/// <summary>Text that goes out as it is: what <c>capture</c> caught, already escaped, and what the <c>safe</c> filter lets through.</summary>
internal sealed record SafeText(string Text);
