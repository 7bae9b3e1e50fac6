using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using OrleansNotify.Channels.Push;

namespace OrleansNotify.Benchmarks.Micro;

/// <summary>A push body for one device, with its ephemeral key (RFC 8291).</summary>
[MemoryDiagnoser]
public class EncryptBenchmarks
{
    private readonly byte[] _text = RandomNumberGenerator.GetBytes(400);
    private readonly byte[] _auth = RandomNumberGenerator.GetBytes(MessageEncryption.AuthSize);
    private readonly byte[] _device = Device();

    [Benchmark]
    public byte[] Encrypt() => MessageEncryption.Encrypt(_text, _device, _auth);

    private static byte[] Device()
    {
        using var pair = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var key = pair.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. key.X!, .. key.Y!];
    }
}
