-- One change of one user's messages, whole or not at all. KEYS[1] is the outbox that carries the version.
-- ARGV: clock in microseconds ('' = Redis' own), expected version, life of the outbox in ms ('' = unchanged),
-- number of conditions, then kind, key, field, value of each; then command, key, index of a delay, number of arguments, arguments of each write.
local function move(states, member, state, counts, order)
  local before = redis.call('HGET', states, member)
  if not before or before == state then return end
  redis.call('ZADD', order, '0', state .. ' ' .. member)
  redis.call('HSET', states, member, state)
  redis.call('HINCRBY', counts, before, '-1')
  redis.call('HINCRBY', counts, state, '1')
  redis.call('ZREM', order, before .. ' ' .. member)
end
local version = tonumber(redis.call('HGET', KEYS[1], 'v') or '0')
if version ~= tonumber(ARGV[2]) then return {'-1', text(now)} end
local at = 5
for condition = 1, tonumber(ARGV[4]) do
  local kind, value, holds = ARGV[at], ARGV[at + 3], nil
  if kind == 'before' then
    holds = now <= tonumber(value)
  else
    local found = redis.call('HGET', KEYS[tonumber(ARGV[at + 1])], ARGV[at + 2]) or ''
    holds = (found == value) == (kind == 'is')
  end
  if not holds then return {text(-1 - condition), text(now)} end
  at = at + 4
end
while at <= #ARGV do
  local delay, count, args = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), {}
  for i = 1, count do args[i] = ARGV[at + 3 + i] end
  if delay > 0 then args[delay] = text(math.floor(now / 1000) + tonumber(args[delay])) end
  local key = KEYS[tonumber(ARGV[at + 1])]
  if ARGV[at] == 'MOVE STATE' then
    move(key, args[1], args[2], KEYS[tonumber(args[3])], KEYS[tonumber(args[4])])
  else
    redis.call(ARGV[at], key, unpack(args))
  end
  at = at + 4 + count
end
version = math.max(version + 1, now)
redis.call('HSET', KEYS[1], 'v', text(version))
if ARGV[3] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return {text(version), text(now)}
