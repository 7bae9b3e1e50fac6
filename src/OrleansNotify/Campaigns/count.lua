-- Counts the states of a campaign's recipients. KEYS: the recipients, the counts. ARGV: clock.
local counts = {}
for _, state in ipairs(redis.call('HVALS', KEYS[1])) do counts[state] = (counts[state] or 0) + 1 end
redis.call('DEL', KEYS[2])
for state, count in pairs(counts) do redis.call('HSET', KEYS[2], state, text(count)) end
return now
