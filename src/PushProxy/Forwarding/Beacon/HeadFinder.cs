namespace PushProxy.Forwarding.Beacon;

/// <summary>
/// Finds where a page's head begins, as its bytes pass: behind the <c>&lt;head&gt;</c> tag. It reads what may stand before that as a
/// browser does (HTML §13.2.5), in any charset that has ASCII's letters, and gives up at anything else: then the head has begun without a
/// tag, or it is no page.
/// </summary>
internal struct HeadFinder
{
    /// <summary>How far it looks.</summary>
    public const int MaxBytes = 16 * 1024;

    private const uint Html = 'h' << 24 | 't' << 16 | 'm' << 8 | 'l';
    private const uint Head = 'h' << 24 | 'e' << 16 | 'a' << 8 | 'd';

    private State _state;
    private int _seen;
    private int _nameLength;
    private uint _name;

    // Named as the states of the tokenizer are.
    private enum State : byte
    {
        Data,
        TagOpen,
        TagName,
        BeforeAttributeName,
        AttributeName,
        AfterAttributeName,
        BeforeAttributeValue,
        DoubleQuotedValue,
        SingleQuotedValue,
        UnquotedValue,
        AfterQuotedValue,
        SelfClosing,
        MarkupDeclaration,
        MarkupDeclarationDash,
        BogusComment,
        CommentStart,
        CommentStartDash,
        Comment,
        CommentEndDash,
        CommentEnd,
        CommentEndBang,
        Found,
        GaveUp,
    }

    /// <summary>Whether there is no such tag, or it comes too late.</summary>
    public readonly bool HasGivenUp => _state == State.GaveUp;

    /// <summary>Looks at what comes next.</summary>
    /// <returns>How many of these bytes come before the head's content; −1: all, or it is not known.</returns>
    public int Find(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length && _state < State.Found; i++)
        {
            // UTF-16 without a label has zeros in markup.
            _state = bytes[i] == 0 || _seen >= MaxBytes ? State.GaveUp : Next(bytes[i]);
            _seen++;
            if (_state == State.Found)
            {
                return i + 1;
            }
        }

        return -1;
    }

    private State Next(byte b) => _state switch
    {
        State.Data => b == '<' ? State.TagOpen : IsSpace(b) || IsByteOrderMark(b) ? State.Data : State.GaveUp,
        State.TagOpen => Open(b),
        State.TagName => Name(b),
        State.BeforeAttributeName => IsSpace(b) ? State.BeforeAttributeName : AttributeOrEnd(b),
        State.AttributeName => b == '=' ? State.BeforeAttributeValue
            : IsSpace(b) ? State.AfterAttributeName : b is (byte)'/' or (byte)'>' ? AttributeOrEnd(b) : State.AttributeName,
        State.AfterAttributeName => b == '=' ? State.BeforeAttributeValue : IsSpace(b) ? State.AfterAttributeName : AttributeOrEnd(b),
        State.BeforeAttributeValue => b switch
        {
            (byte)'"' => State.DoubleQuotedValue,
            (byte)'\'' => State.SingleQuotedValue,
            (byte)'>' => End(),
            _ => IsSpace(b) ? State.BeforeAttributeValue : State.UnquotedValue,
        },
        State.DoubleQuotedValue => b == '"' ? State.AfterQuotedValue : State.DoubleQuotedValue,
        State.SingleQuotedValue => b == '\'' ? State.AfterQuotedValue : State.SingleQuotedValue,
        State.UnquotedValue => IsSpace(b) ? State.BeforeAttributeName : b == '>' ? End() : State.UnquotedValue,
        State.AfterQuotedValue or State.SelfClosing => IsSpace(b) ? State.BeforeAttributeName : AttributeOrEnd(b),
        State.MarkupDeclaration => b == '-' ? State.MarkupDeclarationDash : Bogus(b),
        State.MarkupDeclarationDash => b == '-' ? State.CommentStart : Bogus(b),
        State.BogusComment => Bogus(b),
        _ => Comment(b),
    };

    private State Open(byte b)
    {
        switch (b)
        {
            case (byte)'!':
                return State.MarkupDeclaration;
            case (byte)'?':
                return State.BogusComment;
            default:
                // An end tag means that a head has been, too.
                (_name, _nameLength) = (0, 0);
                return char.IsAsciiLetter((char)b) ? Name(b) : State.GaveUp;
        }
    }

    private State Name(byte b)
    {
        if (!IsSpace(b) && b is not ((byte)'/' or (byte)'>'))
        {
            _name = _name << 8 | (b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b);
            return ++_nameLength <= 4 ? State.TagName : State.GaveUp;
        }

        return _nameLength != 4 || _name is not (Html or Head) ? State.GaveUp
            : IsSpace(b) ? State.BeforeAttributeName : AttributeOrEnd(b);
    }

    private readonly State AttributeOrEnd(byte b) =>
        b == '>' ? End() : b == '/' ? State.SelfClosing : State.AttributeName;

    private readonly State End() => _name == Head ? State.Found : State.Data;

    // A doctype ends at the first ">" (also in a quoted identifier), as does everything else that begins so and is no comment.
    private static State Bogus(byte b) => b == '>' ? State.Data : State.BogusComment;

    private readonly State Comment(byte b) => (_state, b) switch
    {
        (State.CommentStart or State.CommentStartDash or State.CommentEnd or State.CommentEndBang, (byte)'>') => State.Data,
        (State.CommentStart, (byte)'-') => State.CommentStartDash,
        (State.CommentStartDash or State.CommentEndDash or State.CommentEnd, (byte)'-') => State.CommentEnd,
        (State.CommentEnd, (byte)'!') => State.CommentEndBang,
        (State.Comment or State.CommentEndBang, (byte)'-') => State.CommentEndDash,
        _ => State.Comment,
    };

    // UTF-8's, which only the very first bytes can be.
    private readonly bool IsByteOrderMark(byte b) => (_seen, b) is (0, 0xEF) or (1, 0xBB) or (2, 0xBF);

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r' or (byte)'\f';
}
