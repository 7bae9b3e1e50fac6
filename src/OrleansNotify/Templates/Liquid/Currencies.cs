using System.Collections.Frozen;

namespace OrleansNotify.Templates.Liquid;

/// <summary>The decimals of amounts: the minor units of ISO 4217 (list one), where they are not two.</summary>
internal static class Currencies
{
    private static readonly FrozenDictionary<string, int> Others = new Dictionary<string, int>
    {
        ["BIF"] = 0,
        ["CLP"] = 0,
        ["DJF"] = 0,
        ["GNF"] = 0,
        ["ISK"] = 0,
        ["JPY"] = 0,
        ["KMF"] = 0,
        ["KRW"] = 0,
        ["PYG"] = 0,
        ["RWF"] = 0,
        ["UGX"] = 0,
        ["UYI"] = 0,
        ["VND"] = 0,
        ["VUV"] = 0,
        ["XAF"] = 0,
        ["XOF"] = 0,
        ["XPF"] = 0,
        ["BHD"] = 3,
        ["IQD"] = 3,
        ["JOD"] = 3,
        ["KWD"] = 3,
        ["LYD"] = 3,
        ["OMR"] = 3,
        ["TND"] = 3,
        ["CLF"] = 4,
        ["UYW"] = 4,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many decimals an amount has at least; two where the currency is not known.</summary>
    public static int Decimals(string currency) => Others.GetValueOrDefault(currency.Trim(), 2);
}
