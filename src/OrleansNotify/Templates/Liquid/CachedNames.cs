using System.Collections.Concurrent;
using DotLiquid.NamingConventions;

namespace OrleansNotify.Templates.Liquid;

/// <summary>DotLiquid's naming convention, which otherwise runs two regular expressions for each name it meets.</summary>
internal sealed class CachedNames : INamingConvention
{
    private readonly RubyNamingConvention _inner = new();
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    public StringComparer StringComparer => _inner.StringComparer;

    // The names are those of filters, operators and members in parsed templates: a bounded set.
    public string GetMemberName(string name) => _names.GetOrAdd(name, _inner.GetMemberName);

    public bool OperatorEquals(string testedOperator, string referenceOperator) => GetMemberName(testedOperator) == referenceOperator;
}
