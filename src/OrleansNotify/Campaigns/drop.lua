-- Forgets a place to come back to, unless its recipient has no message yet: such a one is nowhere else.
-- KEYS: the places to come back to, the recipients. ARGV: clock, place, user, and the two states without a message.
local state = redis.call('HGET', KEYS[2], ARGV[3])
if state ~= ARGV[4] and state ~= ARGV[5] then redis.call('ZREM', KEYS[1], ARGV[2]) end
return now
