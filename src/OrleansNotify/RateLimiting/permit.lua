-- Grants permits of one channel: never more than a number of them in any window.
-- KEYS[1]: the permits granted, by time. ARGV: clock in microseconds ('' = Redis' own), most in a window, the window in microseconds,
-- how many are wanted (none: only to see when there is one), and of campaign permits the reserve that they leave, and in microseconds the time
-- between two of them and how much lateness they make up for ('' for others).
-- Answers how many are granted, the store's time, and in how many microseconds it is worth asking again.
local most, window, wanted = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local newest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
-- A clock that was set back must not open a second window.
if newest[2] then now = math.max(now, tonumber(newest[2])) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now - window))
local used, kind, due, spacing = redis.call('ZCARD', KEYS[1]), 't', now, 0
local free = most - used
local granted = math.min(free, wanted)
if ARGV[5] ~= '' then
  local late = tonumber(ARGV[7])
  spacing = tonumber(ARGV[6])
  for _, member in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, -1)) do
    local last = string.match(member, '^c(%d+):')
    if last then
      -- The next one counts from when this one was due, so that being late now and then costs no rate.
      due = math.max(tonumber(last) + spacing, now - late)
      break
    end
  end
  free, kind = free - tonumber(ARGV[5]), 'c' .. text(due)
  granted = due > now and 0 or math.min(free, wanted, 1)
end
granted = math.max(0, granted)
for i = 1, granted do redis.call('ZADD', KEYS[1], text(now), kind .. ':' .. text(used + i) .. ':' .. text(now)) end
-- Keys expire by Redis' own clock. Not put off while nothing is granted: permits of a clock that was set back since end with it.
if granted > 0 and ARGV[1] == '' then redis.call('PEXPIRE', KEYS[1], text(math.ceil(window / 1000) + 1000)) end
local wait = 0
if granted < math.max(wanted, 1) then
  wait = due + spacing * granted - now
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  if free - granted < 1 and oldest[2] then wait = math.max(wait, tonumber(oldest[2]) + window - now) end
end
return {granted, text(now), text(math.max(0, wait))}
