using System.Text;

namespace OrleansNotify.Templates;

/// <summary>
/// Reads Telegram's MarkdownV2 by the rules of its server, and says what that would refuse
/// (https://core.telegram.org/bots/api#markdownv2-style).
/// </summary>
internal sealed class MarkdownV2
{
    private const string Reserved = "_*[]()~`>#+-=|{}.!\n";

    private readonly string _source;
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _shape = new();
    private readonly List<string> _links = [];
    private readonly Stack<Entity> _open = new();
    private int _at;
    private bool _quoting;
    private bool _mayQuote = true;
    private string? _error;

    private MarkdownV2(string source) => _source = source;

    /// <summary>What <see cref="Read"/> found.</summary>
    /// <param name="Error">Why Telegram would refuse the text; null if it would not.</param>
    /// <param name="Offset">Where, in UTF-16 units.</param>
    /// <param name="Text">What a person reads.</param>
    /// <param name="Shape">The formats in the order in which they begin, a sign for each, with the language of a code block.</param>
    /// <param name="Links">The addresses of the links.</param>
    internal readonly record struct Reading(string? Error, int Offset, string Text, string Shape, IReadOnlyList<string> Links);

    private readonly record struct Entity(char Kind, int At, int TextStart);

    /// <summary>Reads a text.</summary>
    public static Reading Read(string source)
    {
        var reader = new MarkdownV2(source);
        while (reader._at < source.Length && reader._error is null) reader.Step();
        if (reader._error is null) reader.End();
        return new Reading(reader._error, reader._at, reader._text.ToString(), reader._shape.ToString(), reader._links);
    }

    private char Peek(int ahead = 0) => _at + ahead < _source.Length ? _source[_at + ahead] : '\0';

    private bool Sees(string mark) => string.CompareOrdinal(_source, _at, mark, 0, mark.Length) == 0;

    private void Step()
    {
        var c = Peek();
        if (c == '\\' && Peek(1) is > '\0' and <= '~')
        {
            // An escape, in code and links too.
            _text.Append(Peek(1));
            _mayQuote = Peek(1) == '\n' || (_mayQuote && Peek(1) == '\r');
            _at += 2;
        }
        else if (InCode ? c != '`' : !Reserved.Contains(c, StringComparison.Ordinal))
        {
            _text.Append(c);
            _mayQuote = _mayQuote && c == '\r';
            _at++;
        }
        else if (c == '\n' && _quoting && Peek(1) != '>')
        {
            EndQuote();
            if (_error is null) Begin(c);
        }
        else if (_open.TryPeek(out var entity) && Sees(Closing(entity.Kind)) && !(entity.Kind == 'i' && Peek(1) == '_'))
        {
            Close(entity);
        }
        else
        {
            Begin(c);
        }
    }

    private bool InCode => _open.TryPeek(out var entity) && entity.Kind is 'c' or 'p';

    private static string Closing(char kind) => kind switch
    {
        'b' => "*",
        'i' => "_",
        'u' => "__",
        's' => "~",
        'h' => "||",
        'c' => "`",
        'p' => "```",
        'l' or 'e' => "]",
        _ => "\0",
    };

    private void Begin(char c)
    {
        switch (c)
        {
            case '\n':
                _text.Append('\n');
                _mayQuote = true;
                _at++;
                break;
            case '>' when _mayQuote:
                if (!_quoting) Open('q', 1);
                else _at++;
                _quoting = true;
                break;
            case '_':
                if (Sees("__")) Open('u', 2);
                else Open('i', 1);
                break;
            case '*':
                Open('b', 1);
                break;
            case '~':
                Open('s', 1);
                break;
            case '|' when Sees("||"):
                Open('h', 2);
                break;
            case '[':
                Open('l', 1);
                break;
            case '!' when Sees("!["):
                Open('e', 2);
                break;
            case '`':
                if (Sees("```")) BeginBlock();
                else Open('c', 1);
                break;
            default:
                _error = $"'{c}' is reserved and must be escaped with a backslash";
                break;
        }
    }

    private void Open(char kind, int length)
    {
        _open.Push(new Entity(kind, _at, _text.Length));
        _shape.Append(kind);
        _at += length;
    }

    // The word after the fence is the language if white space follows it; one line break after it is dropped.
    private void BeginBlock()
    {
        Open('p', 3);
        var end = _at;
        while (end < _source.Length && _source[end] is not (' ' or '\t' or '\n' or '\v' or '\r' or '`')) end++;
        if (end > _at && end < _source.Length && _source[end] != '`')
        {
            _shape.Append('+').Append(_source, _at, end - _at);
            _at = end;
        }

        if (Sees("\r\n") || Sees("\n\r")) _at += 2;
        else if (Peek() is '\n' or '\r') _at++;
    }

    private void Close(Entity entity)
    {
        _open.Pop();
        _at += Closing(entity.Kind).Length;
        if (entity.Kind is not ('l' or 'e')) return;
        if (Peek() == '(') ReadAddress(entity);
        else if (entity.Kind == 'e') _error = "a custom emoji needs an address";
        else _links.Add(_text.ToString(entity.TextStart, _text.Length - entity.TextStart));
    }

    private void ReadAddress(Entity entity)
    {
        var address = new StringBuilder();
        var begin = _at++;
        while (_at < _source.Length && Peek() != ')')
        {
            if (Peek() == '\\' && Peek(1) is > '\0' and <= '~') _at++;
            address.Append(_source[_at++]);
        }

        if (_at == _source.Length)
        {
            (_error, _at) = ("the link's address has no end", begin);
            return;
        }

        _at++;
        if (entity.Kind == 'l') _links.Add(address.ToString());
        else if (!IsEmoji(address.ToString())) _error = "a custom emoji's address is tg://emoji?id= and a number";
    }

    private static bool IsEmoji(string address) =>
        address.StartsWith("tg://emoji?id=", StringComparison.Ordinal) && long.TryParse(address.AsSpan("tg://emoji?id=".Length), out _);

    // A spoiler opened at the very end of a quotation makes it one that can be unfolded.
    private void EndQuote()
    {
        if (_open.Peek() is { Kind: 'h' } spoiler && spoiler.At == _at - 2) _open.Pop();
        if (_open.Peek().Kind == 'q') _open.Pop();
        else Unclosed();
        _quoting = false;
    }

    private void End()
    {
        if (_quoting) EndQuote();
        if (_error is null && _open.Count > 0) Unclosed();
    }

    private void Unclosed()
    {
        var entity = _open.Peek();
        (_error, _at) = ($"'{_source[entity.At]}' begins a format that has no end", entity.At);
    }
}
