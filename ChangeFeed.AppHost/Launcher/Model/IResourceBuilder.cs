namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource while the application is being described.</summary>
public interface IResourceBuilder<out T> where T : IResource
{
    /// <summary>The application it belongs to.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>The resource.</summary>
    T Resource { get; }

    /// <summary>Adds a remark to the resource.</summary>
    IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation) where TAnnotation : IResourceAnnotation;
}

sealed class ResourceBuilder<T>(IDistributedApplicationBuilder application, T resource, List<IResourceAnnotation> annotations)
    : IResourceBuilder<T> where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => application;

    public T Resource => resource;

    public IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation) where TAnnotation : IResourceAnnotation
    {
        annotations.Add(annotation);
        return this;
    }
}
