namespace OrderPipeline.Emulator.Items;

/// <summary>Evaluates the condition of a patch, <c>FROM c WHERE …</c>, on one item.</summary>
interface IPatchConditions
{
    bool Holds(string condition, ReadOnlyMemory<byte> item);
}
