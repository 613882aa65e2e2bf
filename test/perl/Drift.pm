# Drift: whether an updated database has the same extension as a fresh one, and for each difference what to write where.
package Drift;
use strict;
use warnings;
use Exporter 'import';
use Desk qw(slurp);
use Test::More;

our @EXPORT_OK = qw(catalog_of same_extension updates_ok versions);

# (version that the update starts from, version of the control file)
sub versions
{
	my ($from) = slurp('sql/order.mk') =~ /^UPDATE_FROM = (\S+)/m;
	my ($to) = slurp('ticket_workflow.control') =~ /^default_version = '(\S+)'/m;
	return ($from, $to);
}

# test/fixtures/catalog.sql and the rows of the product tables: "kind\tobject\tproperty" => value
sub catalog_of
{
	my ($node, $database) = @_;
	my %catalog;
	foreach my $line (split /\n/, $node->safe_psql($database, slurp('test/fixtures/catalog.sql'), extra_params => [ '-F', "\t" ]))
	{
		my ($kind, $object, $property, $value) = split /\t/, $line, 4;
		$catalog{"$kind\t$object\t$property"} = $value;
	}
	foreach my $table (split /\n/, $node->safe_psql($database, q{
		select c.oid::regclass from pg_class c, pg_extension e
		where c.relnamespace = 'ticket_workflow'::regnamespace and c.relkind = 'r' and e.extname = 'ticket_workflow'
			and not c.oid = any (e.extconfig)}))
	{
		$catalog{"product row\t$table\t$_"} = '' for split /\n/,
			$node->safe_psql($database, qq{select replace(t::text, E'\\n', '\\n') from $table t order by 1});
	}
	return \%catalog;
}

# what whoever changed the object has forgotten
sub advice
{
	my ($kind, $object, $only, $to) = @_;
	my $migrate = "sql/migrate/$to/<subject>.sql (a line MIGRATE += ... in sql/order.mk)";
	if ($only eq 'fresh')
	{
		return "put its DDL into a file of its own, sql/<subject>/..._tables.sql, with a line NEW_TABLES += ... in sql/order.mk, not in TABLES"
			if $kind =~ /^(table|sequence|dump|type)$/;
		return "if its table is new, see there; else write in $migrate: alter table ... add column ..., and put it last in the table's own file"
			if $kind eq 'column';
		return "if its table is new, see there; else write the same alter table / create index, with the same name, in $migrate"
			if $kind =~ /^(constraint|index|statistics)$/;
		return "the update does not grant it: see sql/security" if $kind =~ /privilege/;
		return "the fragment that makes it is not run by updates: it belongs to FUNCTIONS, GUARDS, VIEWS or CLOSING of sql/order.mk";
	}
	if ($only eq 'updated')
	{
		return "write in $migrate: drop function $object; (before it is made anew with other arguments)" if $kind eq 'function';
		return "write in $migrate: drop " . ($kind eq 'policy' ? "policy" : $kind) . " ..." if $kind =~ /^(table|view|trigger|policy|sequence)$/;
		return "write in $migrate: alter table ... drop column ..." if $kind eq 'column';
		return "write in $migrate: alter table ... drop constraint ... / drop index ..." if $kind =~ /^(constraint|index|statistics)$/;
		return "write in $migrate what takes it away";
	}
	return "the new column must stand last in the table's file, in the order in which $migrate adds them" if $kind eq 'column order';
	return "write in $migrate the alter table that brings it about, or drop and add it" if $kind =~ /^(table|column|constraint|index|sequence|statistics)$/;
	return "see sql/migrate/README.md";
}

# compares two catalogs; the diagnosis names what to write
sub same_extension
{
	my ($fresh, $updated, $title) = @_;
	my (undef, $to) = versions();
	my @drift;
	my @differing = grep { ($fresh->{$_} // "\0") ne ($updated->{$_} // "\0") } sort keys %{ { %$fresh, %$updated } };
	# of an object that is on one side only, nothing more needs to be told
	my @whole = map { (split /\t/)[1] } grep { /^(table|view|sequence)\t[^\t]+\titself$|^function\t[^\t]+\tdefinition$/
		&& (!defined $fresh->{$_} || !defined $updated->{$_}) } @differing;
	my $part = join '|', map { quotemeta } @whole;
	foreach my $key (@differing)
	{
		my ($kind, $object, $property) = split /\t/, $key, 3;
		my ($f, $u) = ($fresh->{$key}, $updated->{$key});
		next if @whole && "$object $property" =~ /(?:^|[ .])(?:$part)(?![\w(])/ && !("$kind $property" =~ /^(table|view|sequence) itself$|^function definition$/);
		my $only = !defined $u ? 'fresh' : !defined $f ? 'updated' : 'both';
		push @drift, {
			text => ($only eq 'fresh' ? "only in a fresh install" : $only eq 'updated' ? "only in the updated database" : "differs")
				. ": $kind $object $property" . ($only eq 'both' ? "\n    fresh:   $f\n    updated: $u" : ($f // $u // '') ne '' ? "\n    " . substr($f // $u, 0, 400) : ''),
			advice => advice($kind, $object, $only, $to),
			weight => $kind =~ /^(table|function|view|column|constraint|index|trigger)$/ ? 0 : 1 };
	}
	ok(!@drift, $title) or do
	{
		diag(scalar(@drift) . " differences between a fresh install and an updated database. How updates are made: sql/migrate/README.md");
		my ($shown, %said) = 0;
		foreach my $d (sort { $a->{weight} <=> $b->{weight} } @drift)
		{
			last if ++$shown > 40;
			diag("$d->{text}\n    -> $d->{advice}");
		}
	};
	return !@drift;
}

# updates the database; says what a refused update asks for
sub updates_ok
{
	my ($node, $database) = @_;
	my ($from, $to) = versions();
	my ($rc, $out, $err) = $node->psql($database, "alter extension ticket_workflow update to '$to'");
	return 1 if ok($rc == 0, "updates from $from to $to");
	diag($err);
	diag("How updates are made: sql/migrate/README.md.");
	diag("-> a relation or column that does not exist: a new table's DDL belongs into a file of its own, with a line NEW_TABLES += ... in"
		. " sql/order.mk; an older table's new column into sql/migrate/$to/<subject>.sql too, with a line MIGRATE += ...")
		if $err =~ /does not exist/;
	diag("-> write in sql/migrate/$to/<subject>.sql (a line MIGRATE += ... in sql/order.mk) the drop of the function with its old signature,"
		. " and of the views and functions that depend on it")
		if $err =~ /cannot (change|remove)|is not unique|cannot drop/;
	diag("-> a view of the contract gets columns at its end only; for another write in sql/migrate/$to/<subject>.sql: drop view ...")
		if $err =~ /(view column|columns from view)/;
	return 0;
}

1;
