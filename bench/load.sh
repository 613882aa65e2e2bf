#!/bin/bash
# load: a realistic mix of calls by 1, 4, 16 and 64 clients (bench/load/*.pgbench, weights below): transactions a second
# and latency; then that nothing was lost: no deadlock, no failed transaction, journals agree with what was acknowledged,
# and the second opinion of test/fixtures/invariants.sql. SECONDS_EACH, CLIENTS and SPEED (of the desk's clock; a minute a
# second) change it; test/t/032_load.pl is short.
# No budget: a figure to compare with, on the cluster's settings that run-bench prints.
set -euo pipefail
cd "$(dirname "$0")/.."
each=${SECONDS_EACH:-20}
clients=${CLIENTS:-1 4 16 64}
weights=(receive@12 dispatch@12 accept@11 contact@11 visit@8 report@9 reply@8 submit@9 review@9 close@8 views@8 notices@2 sweep@1)

dropdb --if-exists bench_load 2>/dev/null
createdb bench_load
export PGDATABASE=bench_load
psql -qX -v ON_ERROR_STOP=1 -f bench/desk.psql >/dev/null
psql -qX -v ON_ERROR_STOP=1 -v speed="${SPEED:-60}" -f bench/load/desk.sql >/dev/null
files=()
for w in "${weights[@]}"; do files+=(-f "bench/load/${w%@*}.pgbench@${w#*@}"); done

# an open desk to begin with
pgbench -n -c 4 -t 100 -f bench/load/receive.pgbench -f bench/load/dispatch.pgbench bench_load >/dev/null 2>&1

status=0
for c in $clients; do
	out=$(pgbench -n -M prepared -c "$c" -j 2 -T "$each" "${files[@]}" bench_load 2>&1) || { echo "$out" >&2; status=1; }
	grep -v '^$' <<<"$out" | grep -i 'aborted\|error:\|deadlock' >&2 && status=1
	failed=$(sed -n 's/^number of failed transactions: \([0-9]*\).*/\1/p' <<<"$out")
	tps=$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' <<<"$out")
	lat=$(sed -n 's/^latency average = \([0-9.]*\).*/\1/p' <<<"$out")
	printf 'load, %d clients: transactions|%s||tps\n' "$c" "$tps"
	printf 'load, %d clients: latency, average|%s||ms\n' "$c" "$lat"
	printf 'load, %d clients: failed transactions|%s|0|count\n' "$c" "${failed:-0}"
	# by kind, for who wants to know
	awk -v c="$c" '/^SQL script/ { name = $4; sub(".*/", "", name); sub(".pgbench", "", name) }
		/^ - latency average/ { printf "  %d clients, %-9s %s ms\n", c, name, $5 }' <<<"$out"
done

psql -qXAt -c "select set_config('ticket_workflow.now', load.clock(), false)" -c 'call ticket_workflow.sweep()' >/dev/null
psql -qXAt -F ' ' -c "select act, count(*) filter (where sqlstate is null), 'done', count(*) filter (where sqlstate is not null), 'refused' from load.log group by 1 order by 1"
deadlocks=$(psql -qXAt -c "select deadlocks from pg_stat_database where datname = current_database()")
lost=$(psql -qXAt -c 'select * from load.lost')
# a statement that waited for its ticket is recorded as of its beginning (design 5: now() is the statement's): its row may
# stand behind a younger one's. All else must hold
wrong=$(psql -qXAt -c "set timezone = 'Asia/Shanghai'" -c "select rule, count(*), min(ticket_id), min(detail) from walk.violations()
	where rule <> 'the journal was written backwards' group by 1")
failures=$(psql -qXAt -c 'select sqlstate, message from ticket_workflow.sweep_failure limit 5')
printf 'load: deadlocks|%d|0|count\n' "$deadlocks"
printf 'load: acts whose journal and acknowledgement differ|%d|0|count\n' "$(grep -c . <<<"$lost" || true)"
printf 'load: rules that do not hold afterwards|%d|0|count\n' "$(grep -c . <<<"$wrong$failures" || true)"
[ -z "$lost$wrong$failures" ] && [ "$deadlocks" = 0 ] || { printf '%s\n' "$lost" "$wrong" "$failures" >&2; status=1; }
exit $status
