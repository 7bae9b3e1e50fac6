-- Takes what is due from one shard: answers the store's time and the members, each pushed ahead in case nobody puts it right.
-- KEYS[1]: the shard. ARGV: clock in microseconds ('' = Redis' own), how many at the most, by how many ms they are pushed.
local ms = math.floor(now / 1000)
local taken = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', text(ms), 'LIMIT', 0, ARGV[2])
for _, member in ipairs(taken) do redis.call('ZADD', KEYS[1], text(ms + tonumber(ARGV[3])), member) end
table.insert(taken, 1, text(now))
return taken
