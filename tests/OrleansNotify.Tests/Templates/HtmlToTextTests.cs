using OrleansNotify.Templates;

namespace OrleansNotify.Tests.Templates;

public sealed class HtmlToTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  a \n b&nbsp;&amp;&lt; ", "a b &<")]
    [InlineData("<p>a</p><p>b</p>", "a\n\nb")]
    [InlineData("<p>a<p>  </p><p></p>b", "a\n\nb")]
    [InlineData("<h1>a</h1>b<div>c</div>d", "a\n\nb\n\nc\n\nd")]
    [InlineData("a<br>b<br/> c", "a\nb\nc")]
    [InlineData("a<hr>b", "a\n\n---\n\nb")]
    [InlineData("a <b>b</b><i>c</i> d", "a bc d")]
    [InlineData("<ul><li>a</li><li> b </li></ul>c", "- a\n- b\n\nc")]
    [InlineData("<ul><li></li><li><p>a</p></li></ul>", "- \n- a")]
    [InlineData("<ol><li>a<li>b</ol>", "1. a\n2. b")]
    [InlineData("<dl><dt>a<dd>b</dl>", "a\nb")]
    [InlineData("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td><td> d</td></tr></table>", "a: b\nc d")]
    [InlineData("<a href='https://a.example'>a</a>", "a (https://a.example)")]
    [InlineData("<a href='https://a.example'> https://a.example </a>", "https://a.example")]
    [InlineData("<a href='mailto:a@b.example'>a@b.example</a> <a href='#x'>top</a> <a name='x'>here</a> <a href=''>e</a>", "a@b.example top here e")]
    [InlineData("<img src='x' alt='logo'><img src='y'>", "logo")]
    [InlineData("<pre>a\n  b<b>\n  c</b></pre>", "a\n  b\n  c")]
    [InlineData("a<script>x()</script><style>p{}</style><!-- c -->b<li>c", "ab\n- c")]
    [InlineData("<!-- c --><style>p{}</style><script>x()</script><title>t</title>a", "a")]
    [InlineData("<div style='color:red; Display : none'>pre</div><p hidden>h</p><p style='color:red'>a", "a")]
    [InlineData("<html><head><title>t</title></head><body><p>a</p></body></html>", "a")]
    public void Becomes(string html, string text) => Assert.Equal(text, HtmlToText.Convert(html));
}
