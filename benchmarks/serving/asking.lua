-- Documents in an order of their own for each thread; the address is a pattern with one %d for each.
local pattern, first, n, many = os.getenv("PATTERN"), tonumber(os.getenv("FIRST")), tonumber(os.getenv("N")), tonumber(os.getenv("MANY"))
local etags = {}
local file = os.getenv("ETAGS")
if file and file ~= "" then
  for line in io.lines(file) do
    local key, etag = line:match("^(%d+) (.*)$")
    etags[#etags + 1] = { tonumber(key), etag }
  end
end
function init() math.randomseed(tonumber(os.getenv("SEED"))) end
function request()
  if #etags > 0 then
    local known = etags[math.random(#etags)]
    return wrk.format("GET", string.format(pattern, known[1]), { ["If-None-Match"] = known[2] })
  end
  local parts = {}
  for i = 1, many do parts[i] = first + math.random(n) - 1 end
  return wrk.format("GET", string.format(pattern, unpack(parts)))
end
function done(summary, latency)
  local errors = summary.errors
  local n_errors = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), n_errors))
end
