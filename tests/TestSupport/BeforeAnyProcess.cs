using System.Runtime.CompilerServices;
using ChangeFeed.Testing;

namespace TestSupport;

internal static class BeforeAnyProcess
{
    [ModuleInitializer]
    internal static void Initialize() => InterruptibleChildren.Enable();
}
