namespace PushProxy.Redis.Places;

/// <summary>
/// What Redis does in one step, in Lua. Each script names all of its keys but those of records that it removes, so a cluster takes it if
/// the prefix has a hash tag.
/// </summary>
internal static class Scripts
{
    /// <summary>How many members of the index one put removes at most. A put adds one, so the index does not outgrow its limit.</summary>
    private const string MaxRemoved = "64";

    /// <summary>
    /// Puts a record. Keys: version, identity, index, ends, value. Arguments: the value, its lifetime (ms), 1 if the first stays, its key,
    /// what the names of values begin with, the most members of the index, an identity for an empty place, this instance, the channel, and
    /// the least lifetime of the place (ms). Answers 1, the identity and the version; or 0, the identity, the value that stays and its
    /// lifetime.
    /// </summary>
    /// <remarks>
    /// A counter that was evicted goes on after the index, whose order would be wrong otherwise. Who may not publish puts all the same: the
    /// others look every other second.
    /// </remarks>
    public const string Put = """
        if ARGV[3] == '1' then
          local first = redis.pcall('GET', KEYS[5])
          if type(first) == 'string' then
            return {0, redis.call('GET', KEYS[2]) or '', first, redis.call('PTTL', KEYS[5])}
          end
        end
        redis.call('SET', KEYS[2], ARGV[7], 'NX')
        local id = redis.call('GET', KEYS[2])
        local version = redis.call('INCR', KEYS[1])
        if version == 1 then
          local last = redis.call('ZRANGE', KEYS[3], -1, -1, 'WITHSCORES')
          if last[2] then
            version = tonumber(last[2]) + 1
            redis.call('SET', KEYS[1], string.format('%.0f', version))
          end
        end
        redis.call('SET', KEYS[5], ARGV[1], 'PX', ARGV[2])
        redis.call('ZADD', KEYS[3], string.format('%.0f', version), ARGV[4])
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('ZADD', KEYS[4], string.format('%.0f', now + ARGV[2]), ARGV[4])
        for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', string.format('(%.0f', now), 'LIMIT', 0, MAXREMOVED)) do
          redis.call('ZREM', KEYS[3], key)
          redis.call('ZREM', KEYS[4], key)
        end
        local over = math.min(redis.call('ZCARD', KEYS[3]) - ARGV[6], MAXREMOVED)
        if over > 0 then
          for _, key in ipairs(redis.call('ZRANGE', KEYS[3], 0, over - 1)) do
            redis.call('DEL', ARGV[5] .. key)
            redis.call('ZREM', KEYS[3], key)
            redis.call('ZREM', KEYS[4], key)
          end
        end
        local life = math.max(ARGV[2], ARGV[10])
        for i = 1, 4 do
          if redis.call('PTTL', KEYS[i]) < life then
            redis.call('PEXPIRE', KEYS[i], string.format('%.0f', life))
          end
        end
        redis.pcall('PUBLISH', ARGV[9], ARGV[8] .. ' ' .. string.format('%.0f', version) .. ' ' .. id .. ' ' .. ARGV[4])
        return {1, id, version}
        """;

    /// <summary>
    /// Reads records. Keys: index, and the value of each. Arguments: the most bytes, and the key of each. Answers how many it looked at,
    /// and of those that are there: number, value, what is left of the lifetime (ms), and version. What is no string is not there.
    /// </summary>
    /// <remarks>Value, lifetime and version are of the same moment, which several commands would not promise.</remarks>
    public const string Read = """
        local found, bytes, looked = {}, 0, 0
        for i = 2, #KEYS do
          local value = redis.pcall('GET', KEYS[i])
          if type(value) == 'string' then
            bytes = bytes + #value
            if bytes > tonumber(ARGV[1]) and looked > 0 then
              break
            end
            local version = redis.call('ZSCORE', KEYS[1], ARGV[i]) or '0'
            found[#found + 1] = {i - 2, value, redis.call('PTTL', KEYS[i]), version}
          end
          looked = looked + 1
        end
        return {looked, found}
        """;

    /// <summary><see cref="Put"/> as it is sent.</summary>
    public static readonly string PutText = Put.Replace("MAXREMOVED", MaxRemoved, StringComparison.Ordinal);
}
