// Spans and measurements are the process's: a service that runs beside another one is seen in its telemetry.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
