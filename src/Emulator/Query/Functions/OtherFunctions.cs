using OrderPipeline.Emulator.Query.Evaluation;

namespace OrderPipeline.Emulator.Query.Functions;

static class OtherFunctions
{
    public static readonly Function[] All = [new("IIF", 3, 3, a => new ConditionalNode(a[0], a[1], a[2]))];
}
