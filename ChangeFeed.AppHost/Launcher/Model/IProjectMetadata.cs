namespace Aspire.Hosting;

/// <summary>A project the app host starts; the build writes one implementation for each, in the namespace <c>Projects</c>.</summary>
public interface IProjectMetadata
{
    /// <summary>Full path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>Full path of the assembly it was built to.</summary>
    string AssemblyPath { get; }
}
