namespace PushProxy;

/// <summary>Reads and writes delivery modes.</summary>
internal sealed class DeliveryModeConverter() : WordsConverter<DeliveryMode>("a delivery mode");
