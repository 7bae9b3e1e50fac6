namespace OrleansNotify.Delivery;

/// <summary>What follows an outcome.</summary>
internal static class Settlement
{
}
