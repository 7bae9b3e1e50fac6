using System.Globalization;
using DotLiquid;
using Microsoft.Extensions.ObjectPool;

namespace OrleansNotify.Templates.Liquid;

/// <summary>Keeps DotLiquid's contexts: the table of filters that each of them builds costs more than a whole render.</summary>
internal sealed class ContextPool() : DefaultObjectPool<Context>(new Policy(), 64)
{
    private sealed class Policy : PooledObjectPolicy<Context>
    {
        public override Context Create() => new(
            [], [], [], ErrorsOutputMode.Rethrow, LiquidEngine.MaxIterations, CultureInfo.InvariantCulture, CancellationToken.None)
        {
            SyntaxCompatibilityLevel = SyntaxCompatibility.DotLiquid22a,
        };

        public override bool Return(Context context)
        {
            context.Environments.Clear();
            context.Scopes[^1].Clear();
            context.Registers.Clear();
            context.Errors.Clear();
            return true;
        }
    }
}
