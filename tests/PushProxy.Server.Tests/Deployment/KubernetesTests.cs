using k8s.Models;
using PushProxy.Server.Tests.Docs;
using PushProxy.Server.Tests.Settings;
using PushProxy.Testing;
using YamlDotNet.Core;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>The manifests of deploy/kubernetes: every field exists, and what belongs together fits.</summary>
public class KubernetesTests
{
    private static readonly Stage Image = Deployment.Dockerfile.Parse(File.ReadAllText(Repository.File("deploy/Dockerfile")))[^1];

    private static readonly V1PodSpec Pod = Manifest.Only<V1Deployment>("deployment.yaml").Spec.Template.Spec;

    private static readonly V1Container Container = Assert.Single(Pod.Containers);

    public static TheoryData<string> Manifests { get; } = [.. Manifest.Names];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_manifest_has_no_field_that_does_not_exist(string name)
    {
        var manifest = Manifest.Read(name);

        Assert.NotEmpty(manifest.Objects);
        Assert.All(manifest.Objects, static o => Assert.StartsWith("pushproxy", o.Metadata.Name, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_field_that_is_misspelt_is_found_wherever_it_is(string name)
    {
        var misspelt = Manifest.Read(name).Misspelt().ToList();

        Assert.True(misspelt.Count >= 4);
        Assert.All(misspelt, static m =>
        {
            var error = Record.Exception(() => Manifest.Parse(m.Text));
            Assert.True(error is YamlException or KeyNotFoundException, $"{m.Field}: {error}");
        });
    }

    /// <summary>kubectl takes the files of a folder that are called so, and looks into no folder below it.</summary>
    [Fact]
    public void Who_applies_the_folder_gets_neither_the_example_nor_a_Redis() => Assert.Equal(
        ["config.yaml", "deployment.yaml", "disruption-budget.yaml", "networkpolicy.yaml", "service.yaml"],
        Manifest.Names.Where(static n => Path.GetExtension(n) is ".yaml" or ".yml" or ".json" && !n.Contains('/', StringComparison.Ordinal)));

    [Fact]
    public void A_value_of_another_type_is_found() =>
        Assert.Throws<YamlException>(() => Manifest.Parse(Manifest.Read("deployment.yaml").Text.Replace("replicas: 2", "replicas: two", StringComparison.Ordinal)));

    [Fact]
    public void Pod_runs_as_the_image_does()
    {
        var user = long.Parse(Image.Only("USER").Rest, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((true, user, user), (Pod.SecurityContext.RunAsNonRoot, Pod.SecurityContext.RunAsUser, Pod.SecurityContext.FsGroup));
        Assert.True(Container.SecurityContext is { ReadOnlyRootFilesystem: true, AllowPrivilegeEscalation: false });
        Assert.Equal(["ALL"], Container.SecurityContext.Capabilities.Drop);

        // What can be written: the data folder of the image, and /tmp.
        var writable = Container.VolumeMounts.Where(static m => m.ReadOnlyProperty != true).ToDictionary(static m => m.MountPath, static m => m.Name);
        Assert.Equal([Image.Environment["PushProxy__DataDirectory"], "/tmp"], writable.Keys);
        Assert.All(writable.Values, static name => Assert.NotNull(Pod.Volumes.Single(v => v.Name == name).EmptyDir));
        Assert.Equal("512Mi", Container.Resources.Limits["memory"].ToString());

        // The key is for the group of the pod alone.
        Assert.Equal(Convert.ToInt32("440", 8), Pod.Volumes.Single(static v => v.Name == "certificate").Secret.DefaultMode);
    }

    [Fact]
    public void Update_waits_for_the_new_instance_and_lets_the_old_one_end()
    {
        var deployment = Manifest.Only<V1Deployment>("deployment.yaml").Spec;
        Assert.Equal((2, "0", "1"), (deployment.Replicas, deployment.Strategy.RollingUpdate.MaxUnavailable.Value, deployment.Strategy.RollingUpdate.MaxSurge.Value));
        var drain = TimeSpan.Parse(Value("PushProxy__DrainTime"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(TimeSpan.FromSeconds(10), drain);
        Assert.True(Pod.TerminationGracePeriodSeconds > drain.TotalSeconds + 30);

        // It is not ready for long enough to be noticed.
        var probe = Container.ReadinessProbe;
        Assert.True(drain.TotalSeconds > (probe.PeriodSeconds * probe.FailureThreshold) + probe.TimeoutSeconds);
        Assert.Equal("1", Manifest.Only<V1PodDisruptionBudget>("disruption-budget.yaml").Spec.MaxUnavailable.Value);
        Assert.Single(Pod.TopologySpreadConstraints);
    }

    [Fact]
    public void Ports_are_those_of_the_image_and_the_management_port_is_in_no_Service()
    {
        var ports = Container.Ports.ToDictionary(static p => p.Name, static p => p.ContainerPort.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Image.Only("EXPOSE").Words, [ports["https"], ports["http"]]);
        Assert.Equal($"http://*:{ports["management"]}", Value("PushProxy__Management__Listen"));
        var service = Manifest.Only<V1Service>("service.yaml").Spec;
        Assert.Equal([(443, "https"), (80, "http")], service.Ports.Select(static p => (p.Port, p.TargetPort.Value)));
        var probes = new[] { Container.StartupProbe, Container.LivenessProbe, Container.ReadinessProbe }.Select(static p => (p.HttpGet.Path, p.HttpGet.Port.Value));
        Assert.Equal([("/healthz/live", "management"), ("/healthz/live", "management"), ("/healthz/ready", "management")], probes);

        var ingress = Manifest.Only<V1NetworkPolicy>("networkpolicy.yaml").Spec.Ingress;
        Assert.Equal([ports["https"], ports["http"]], ingress[0].Ports.Select(static p => p.Port.Value));
        Assert.Null(ingress[0].FromProperty);
        Assert.Equal([ports["management"]], ingress[1].Ports.Select(static p => p.Port.Value));
        Assert.NotNull(Assert.Single(ingress[1].FromProperty).NamespaceSelector);
        var egress = Manifest.Only<V1NetworkPolicy>("networkpolicy.yaml").Spec.Egress.SelectMany(static e => e.Ports).Select(static p => p.Port.Value);
        Assert.Equal(["53", "53", "80", "6379"], egress);
    }

    [Theory]
    [InlineData("deployment.yaml", "service.yaml", "networkpolicy.yaml", "disruption-budget.yaml")]
    [InlineData("redis/redis.yaml", "redis/redis.yaml", "redis/redis.yaml", null)]
    public void Selectors_find_the_pods(string deployment, string service, string policy, string? budget)
    {
        var spec = Manifest.Only<V1Deployment>(deployment).Spec;
        var labels = spec.Template.Metadata.Labels;
        Assert.Equal(labels, spec.Selector.MatchLabels);
        Assert.Equal(labels, Manifest.Only<V1Service>(service).Spec.Selector);
        Assert.Equal(labels, Manifest.Only<V1NetworkPolicy>(policy).Spec.PodSelector.MatchLabels);
        if (budget is not null)
        {
            Assert.Equal(labels, Manifest.Only<V1PodDisruptionBudget>(budget).Spec.Selector.MatchLabels);
            Assert.Equal(labels, Pod.TopologySpreadConstraints[0].LabelSelector.MatchLabels);
        }
    }

    [Fact]
    public async Task Configuration_is_valid_but_for_the_certificate_that_is_not_here()
    {
        var map = Manifest.Only<V1ConfigMap>("config.yaml");
        Assert.Equal(map.Metadata.Name, Pod.Volumes.Single(static v => v.Name == "config").ConfigMap.Name);
        var error = Assert.Single(await Validation.ErrorsOfAsync(map.Data["appsettings.json"]));
        Assert.StartsWith("PushProxy:Certificates:0: ", error, StringComparison.Ordinal);

        // The files of a Secret of the type tls.
        Assert.Contains("/certs/tls.crt", map.Data["appsettings.json"], StringComparison.Ordinal);
        Assert.Contains("/certs/tls.key", map.Data["appsettings.json"], StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_set_is_a_setting() => Assert.Empty(SettingNames.Unknown(string.Join('\n', Container.Env.Select(static e => e.Name))));

    [Fact]
    public void Secrets_are_those_of_the_example_which_has_no_real_ones()
    {
        var secrets = Manifest.Read("secrets.yaml.example").Objects.Cast<V1Secret>().ToDictionary(static s => s.Metadata.Name, static s => s);
        var redis = Container.Env.Single(static e => e.Name == "PushProxy__Shared__Redis").ValueFrom.SecretKeyRef;
        Assert.True(redis.Optional);
        var connection = secrets[redis.Name].StringData[redis.Key];
        Assert.Equal("pushproxy-redis:6379,password=CHANGE-ME", connection);
        Assert.Equal("kubernetes.io/tls", secrets[Pod.Volumes.Single(static v => v.Name == "certificate").Secret.SecretName].Type);

        // Where the connection leads, and the password there.
        var service = Manifest.Only<V1Service>("redis/redis.yaml");
        Assert.StartsWith($"{service.Metadata.Name}:{Assert.Single(service.Spec.Ports).Port},", connection, StringComparison.Ordinal);
        var container = Assert.Single(Manifest.Only<V1Deployment>("redis/redis.yaml").Spec.Template.Spec.Containers);
        var password = Assert.Single(container.Env).ValueFrom.SecretKeyRef;
        Assert.EndsWith($"password={secrets[password.Name].StringData[password.Key]}", connection, StringComparison.Ordinal);
        Assert.Equal($"$({container.Env[0].Name})", container.Command[^1]);
        var policy = Manifest.Only<V1NetworkPolicy>("redis/redis.yaml").Spec;
        Assert.Equal(
            Manifest.Only<V1Deployment>("deployment.yaml").Spec.Template.Metadata.Labels,
            Assert.Single(Assert.Single(policy.Ingress).FromProperty).PodSelector.MatchLabels);
    }

    private static string Value(string name) => Container.Env.Single(e => e.Name == name).Value;
}
