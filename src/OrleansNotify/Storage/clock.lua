-- Before every script: ARGV[1] is the clock in microseconds, '' for Redis' own.
local function text(number) return string.format('%.0f', number) end
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
