using System.Text;

namespace OrleansNotify.Sandbox.Telegram;

/// <summary>
/// Reads MarkdownV2 as strictly as the Bot API does. It knows nothing of the checker that the cluster's templates have: the two must not
/// merely agree with each other.
/// </summary>
internal sealed class MarkdownV2Reader
{
    private const string Reserved = "_*[]()~`>#+-=|{}.!\n";

    private readonly string _source;
    private readonly StringBuilder _plain = new();
    private readonly List<(Opened Opened, Entity Entity)> _found = [];
    private readonly Stack<Opened> _open = new();
    private int _at;
    private int _order;
    private bool _inQuote;
    private bool _mayQuote = true;

    private MarkdownV2Reader(string source) => _source = source;

    private sealed record Opened(EntityKind Kind, int Offset, int SourceAt, int Order, string? Argument = null);

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">Its message is the reason as the Bot API says it.</exception>
    public static FormattedText Read(string source) => new MarkdownV2Reader(source).Read();

    private char Here => Ahead(0);

    private EntityKind? Inner => _open.TryPeek(out var opened) ? opened.Kind : null;

    private bool IsVerbatim => Inner is EntityKind.Code or EntityKind.Pre or EntityKind.PreCode;

    private FormattedText Read()
    {
        while (_at < _source.Length)
        {
            if (IsEscape(_at)) Literal(_source[++_at]);
            else if (!(IsVerbatim ? "`" : Reserved).Contains(Here, StringComparison.Ordinal)) Plain(Here);
            else if (_inQuote && Here == '\n' && Ahead(1) != '>') CloseQuote();
            else if (Closes(Inner)) Close();
            else Begin();
        }

        if (_inQuote) CloseQuote();
        if (_open.TryPeek(out var unclosed)) throw Unclosed(unclosed);
        var entities = _found.OrderBy(each => each.Entity.Offset).ThenByDescending(each => each.Entity.Length).ThenBy(each => each.Opened.Order);
        return new FormattedText(_plain.ToString(), [.. entities.Select(each => each.Entity)]);
    }

    private char Ahead(int count) => _at + count < _source.Length ? _source[_at + count] : '\0';

    private bool Ahead(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;

    private bool IsEscape(int at) => _source[at] == '\\' && at + 1 < _source.Length && _source[at + 1] is >= '\u0001' and <= '~';

    private void Literal(char character)
    {
        _plain.Append(character);
        _at++;
        if (character != '\r') _mayQuote = character == '\n';
    }

    // A line's end in code is a character like others: no quote begins after it.
    private void Plain(char character)
    {
        Literal(character);
        if (character == '\n') _mayQuote = false;
    }

    // Which of the markers that lie here ends the innermost entity.
    private bool Closes(EntityKind? kind) => kind switch
    {
        EntityKind.Bold => Here == '*',
        EntityKind.Italic => Here == '_' && Ahead(1) != '_',
        EntityKind.Underline => Ahead("__"),
        EntityKind.Strikethrough => Here == '~',
        EntityKind.Spoiler => Ahead("||"),
        EntityKind.Code => Here == '`',
        EntityKind.Pre or EntityKind.PreCode => Ahead("```"),
        EntityKind.TextUrl or EntityKind.CustomEmoji => Here == ']',
        _ => false,
    };

    private void Begin()
    {
        switch (Here)
        {
            case '\n': Literal('\n'); break;
            case '>' when _mayQuote && _inQuote: _at++; break;
            case '>' when _mayQuote: BeginQuote(); break;
            case '*': Push(EntityKind.Bold, 1); break;
            case '_' when Ahead(1) == '_': Push(EntityKind.Underline, 2); break;
            case '_': Push(EntityKind.Italic, 1); break;
            case '~': Push(EntityKind.Strikethrough, 1); break;
            case '|' when Ahead(1) == '|': Push(EntityKind.Spoiler, 2); break;
            case '[': Push(EntityKind.TextUrl, 1); break;
            case '!' when Ahead(1) == '[': Push(EntityKind.CustomEmoji, 2); break;
            case '`' when Ahead("```"): BeginPre(); break;
            case '`': Push(EntityKind.Code, 1); break;
            default: throw new FormatException($"Character '{Here}' is reserved and must be escaped with the preceding '\\'");
        }
    }

    private void Push(EntityKind kind, int marker, string? argument = null)
    {
        _open.Push(new Opened(kind, _plain.Length, _at, _order++, argument));
        _at += marker;
    }

    private void BeginQuote()
    {
        _inQuote = true;
        Push(EntityKind.BlockQuote, 1);
    }

    // A word right behind the ticks is the language, if white space follows it; one line break before the code is not part of it.
    private void BeginPre()
    {
        var begin = _at + 3;
        var end = begin;
        while (end < _source.Length && _source[end] != '`' && !char.IsWhiteSpace(_source[end])) end++;
        var hasLanguage = end > begin && end < _source.Length && _source[end] != '`';
        Push(hasLanguage ? EntityKind.PreCode : EntityKind.Pre, hasLanguage ? end - _at : 3, hasLanguage ? _source[begin..end] : null);
        if (Here is not ('\n' or '\r')) return;
        _at += Ahead(1) is '\n' or '\r' && Ahead(1) != Here ? 2 : 1;
    }

    private void Close()
    {
        var opened = _open.Pop();
        _at += opened.Kind switch
        {
            EntityKind.Underline or EntityKind.Spoiler => 2,
            EntityKind.Pre or EntityKind.PreCode => 3,
            _ => 1,
        };
        if (opened.Kind == EntityKind.TextUrl)
        {
            if (LinkAddress.Read(Here == '(' ? Address() : _plain.ToString(opened.Offset, _plain.Length - opened.Offset)) is { } url)
                Found(opened with { Argument = url });
        }
        else
        {
            if (opened.Kind == EntityKind.CustomEmoji) CheckEmoji();
            Found(opened);
        }
    }

    private void CheckEmoji()
    {
        if (Here != '(') throw new FormatException("The entity must contain a tg://emoji or tg://time URL");
        if (!LinkAddress.IsEmoji(Address())) throw new FormatException("Invalid tg://emoji or tg://time URL specified");
    }

    // What stands in parentheses; only the closing one and the backslash mean something in it.
    private string Address()
    {
        var begin = ++_at;
        StringBuilder address = new();
        while (_at < _source.Length && Here != ')')
        {
            if (IsEscape(_at)) _at++;
            address.Append(_source[_at++]);
        }

        if (_at == _source.Length) throw new FormatException($"Can't find end of a URL at byte offset {ByteOffset(begin)}");
        _at++;
        return address.ToString();
    }

    // A quote ends with its last line, the line break included. A spoiler mark right before that makes it expandable.
    private void CloseQuote()
    {
        var opened = _open.Pop();
        var isExpandable = opened.Kind == EntityKind.Spoiler && opened.SourceAt == _at - 2 && Inner == EntityKind.BlockQuote;
        if (isExpandable) opened = _open.Pop();
        if (opened.Kind != EntityKind.BlockQuote) throw Unclosed(opened);
        if (_at < _source.Length) Literal('\n');
        _inQuote = false;
        Found(isExpandable ? opened with { Kind = EntityKind.ExpandableBlockQuote } : opened);
    }

    private void Found(Opened opened)
    {
        var length = _plain.Length - opened.Offset;
        if (length > 0) _found.Add((opened, new Entity(opened.Kind, opened.Offset, length, opened.Argument)));
    }

    private FormatException Unclosed(Opened opened) =>
        new($"Can't find end of {opened.Kind} entity at byte offset {ByteOffset(opened.SourceAt)}");

    private int ByteOffset(int at) => Encoding.UTF8.GetByteCount(_source.AsSpan(0, at));
}
