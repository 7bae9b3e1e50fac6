-- Counts the states of a campaign's recipients, and puts them into the order of their states. KEYS: the recipients, the counts, the order.
-- ARGV: clock.
local counts, all = {}, redis.call('HGETALL', KEYS[1])
redis.call('DEL', KEYS[2], KEYS[3])
for i = 1, #all, 2 do
  local state = all[i + 1]
  counts[state] = (counts[state] or 0) + 1
  redis.call('ZADD', KEYS[3], '0', state .. ' ' .. all[i])
end
for state, count in pairs(counts) do redis.call('HSET', KEYS[2], state, text(count)) end
return now
