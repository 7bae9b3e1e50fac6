namespace OrleansNotify.Tests.Templates;

public sealed class ShippedTests
{
    [Fact]
    public void Every_template_renders_its_samples_on_every_channel()
    {
        foreach (var template in Shipped.Catalog.All)
        {
            Assert.Empty(template.Validate(template.SampleVars));
            Assert.NotEmpty(template.RenderEmail(template.SampleVars, "en", null).Subject);
            Assert.NotEmpty(template.RenderTelegram(template.SampleVars, "en"));
            Assert.NotEmpty(template.RenderPush(template.SampleVars, "en"));
        }
    }
}
