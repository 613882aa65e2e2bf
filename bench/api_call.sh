#!/bin/bash
# api_call: what one API call costs, against one pgbench TPC-B transaction of the same cluster (design 10).
# A ticket's life (bench/ticket_life.psql) is played call by call, each call a transaction of its own, in rounds
# interleaved with TPC-B. Each round is a session of its own, whose first lives compile and plan and do not count:
# an application's pooled sessions are warm. A kind of call is the median of its rounds' medians; the figure is the
# median over the calls of a life. psql sends plain statements, so the parsing of their text is in our figure.
# Budget: 1.0 times TPC-B (-M prepared -c 1 -s 10). The flush of a commit is in both.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${ROUNDS:-11}
lives=${LIVES:-20}
warm=${WARM:-8}
transactions=${TRANSACTIONS:-500}
work=$(mktemp -d "$STAGE/api.XXXXXX")

dropdb --if-exists bench_tpcb 2>/dev/null
dropdb --if-exists bench_api 2>/dev/null
createdb bench_tpcb
createdb bench_api
pgbench -q -i -s 10 bench_tpcb 2>/dev/null
psql -qX -v ON_ERROR_STOP=1 -d bench_api -f bench/desk.psql >/dev/null
pgbench -n -M prepared -c 1 -t "$transactions" bench_tpcb >/dev/null 2>&1

for round in $(seq "$rounds"); do
	pgbench -n -M prepared -c 1 -t "$transactions" -l --log-prefix="$work/tpcb" bench_tpcb >/dev/null 2>&1
	cat "$work"/tpcb.* | perl -ane 'push @us, $F[2]; END { @us = sort { $a <=> $b } @us; printf "%.3f\n", $us[@us / 2] / 1000 }' \
		>>"$work/base"
	rm "$work"/tpcb.*
	for life in $(seq $((warm + lives))); do
		printf '\\set caller %d\n\\i bench/ticket_life.psql\n' $((10000000 + round * 10000 + life))
	done | psql -qXAt -v ON_ERROR_STOP=1 -d bench_api >"$work/round"
	sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' "$work/round" >>"$work/calls"
	echo end >>"$work/calls"
done

perl - "$work" "$warm" <<'PERL'
use strict;
use warnings;
sub median { my @s = sort { $a <=> $b } @_; my $n = @s; return $n % 2 ? $s[$n / 2] : ($s[$n / 2 - 1] + $s[$n / 2]) / 2 }
my ($work, $warm) = @ARGV;

# the timed calls of a life, in their order
open(my $in, '<', 'bench/ticket_life.psql') or die $!;
my @name = map { /^select ticket_workflow\.(\w+)\((?:\S+ '(first_contact|reply)')?/ ? ($2 ? "$1 $2" : $1) : () } <$in>;

open($in, '<', "$work/base") or die $!;
my $base = median(map { $_ + 0 } <$in>);
open($in, '<', "$work/calls") or die $!;
my (@times, %round);
while (<$in>)
{
	if (!/^end/) { push @times, $_ + 0; next }
	die scalar(@times) . " times for " . @name . " calls a life\n" if !@times || @times % @name;
	splice @times, 0, $warm * @name;
	for my $call (0 .. $#name)
	{
		push @{ $round{$call} }, median(map { $times[$_] } grep { $_ % @name == $call } 0 .. $#times);
	}
	@times = ();
}
printf "TPC-B transaction|%.3f||ms\n", $base;
printf "API call %s|%.2f||x TPC-B\n", $name[$_], median(@{ $round{$_} }) / $base for 0 .. $#name;
printf "API call, median over a ticket's life|%.2f|1.0|x TPC-B\n", median(map { median(@{ $round{$_} }) / $base } 0 .. $#name);
PERL
