/*
 * journal.c
 *		Canonical bytes of a journal row and of a seal, and their hash.
 *
 * The bytes depend on nothing but the values: times as microseconds since
 * the epoch in big-endian order, each text with its length before it, and a
 * marker in the place of a NULL, so that no two rows share their bytes.
 * A change of this layout is a new version; old rows keep theirs.
 */
#include "ticket_workflow.h"

#include "catalog/pg_type.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(tw_sql_journal_hash);
PG_FUNCTION_INFO_V1(tw_sql_digest_fields);
PG_FUNCTION_INFO_V1(tw_sql_seal_digest);

#define JOURNAL_VERSION 1
#define NULL_FIELD PG_UINT32_MAX

static void
append_bytes(StringInfo out, const char *data, size_t length)
{
	pq_sendint32(out, (uint32) length);
	appendBinaryStringInfo(out, data, length);
}

static void
append_text(StringInfo out, FunctionCallInfo fcinfo, int argno)
{
	text	   *value;

	if (PG_ARGISNULL(argno))
	{
		pq_sendint32(out, NULL_FIELD);
		return;
	}
	value = PG_GETARG_TEXT_PP(argno);
	append_bytes(out, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

static void
append_time(StringInfo out, FunctionCallInfo fcinfo, int argno)
{
	/* from PostgreSQL's epoch, 2000, to the one everybody else knows */
	const int64 shift = (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;

	if (PG_ARGISNULL(argno))
		elog(ERROR, "a journal row has its times");
	pq_sendint64(out, PG_GETARG_TIMESTAMPTZ(argno) + shift);
}

static bytea *
sha256_of(const StringInfo data)
{
	bytea	   *hash = palloc(VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);

	if (pg_cryptohash_init(context) < 0 ||
		pg_cryptohash_update(context, (uint8 *) data->data, data->len) < 0 ||
		pg_cryptohash_final(context, (uint8 *) VARDATA(hash), PG_SHA256_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not compute a SHA-256 hash: %s", pg_cryptohash_error(context));
	pg_cryptohash_free(context);
	SET_VARSIZE(hash, VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	return hash;
}

/*
 * journal_hash(version, ticket_id, seq, occurred_at, recorded_at, actor, caller,
 *				session_role, kind, clause, from_state, to_state, details, previous)
 */
Datum
tw_sql_journal_hash(PG_FUNCTION_ARGS)
{
	StringInfoData row;
	char	   *details;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(12))
		elog(ERROR, "a journal row has its version, ticket, number and details");
	if (PG_GETARG_INT16(0) != JOURNAL_VERSION)
		elog(ERROR, "unknown version %d of a journal row", PG_GETARG_INT16(0));

	initStringInfo(&row);
	pq_sendint16(&row, PG_GETARG_INT16(0));
	pq_sendint64(&row, PG_GETARG_INT64(1));
	pq_sendint32(&row, PG_GETARG_INT32(2));
	append_time(&row, fcinfo, 3);
	append_time(&row, fcinfo, 4);
	for (int argno = 5; argno <= 11; argno++)
		append_text(&row, fcinfo, argno);

	/* jsonb keeps its keys sorted, so its text is canonical */
	details = JsonbToCString(NULL, &PG_GETARG_JSONB_P(12)->root, 0);
	append_bytes(&row, details, strlen(details));
	append_text(&row, fcinfo, 13);

	PG_RETURN_BYTEA_P(sha256_of(&row));
}

/*
 * digest_fields(VARIADIC text[]): what a signature is bound to.  The same rules:
 * a version, then each field with its length, a marker for NULL.
 */
Datum
tw_sql_digest_fields(PG_FUNCTION_ARGS)
{
	ArrayType  *fields;
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	StringInfoData row;

	/* VARIADIC NULL */
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	fields = PG_GETARG_ARRAYTYPE_P(0);
	deconstruct_array(fields, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	initStringInfo(&row);
	pq_sendint16(&row, JOURNAL_VERSION);
	pq_sendint32(&row, count);
	for (int i = 0; i < count; i++)
	{
		text	   *field;

		if (nulls[i])
		{
			pq_sendint32(&row, NULL_FIELD);
			continue;
		}
		field = DatumGetTextPP(elements[i]);
		append_bytes(&row, VARDATA_ANY(field), VARSIZE_ANY_EXHDR(field));
	}
	PG_RETURN_BYTEA_P(sha256_of(&row));
}

/*
 * seal_digest(version, center_id, day, previous, ticket_ids, seqs, hashes):
 * what a day's seal of a center is.  The day is the number of days since
 * 1970-01-01; the arrays are of one length, without NULLs.
 */
Datum
tw_sql_seal_digest(PG_FUNCTION_ARGS)
{
	StringInfoData seal;
	Datum	   *tickets,
			   *numbers,
			   *hashes;
	bool	   *no_ticket,
			   *no_number,
			   *no_hash;
	int			count,
				number_count,
				hash_count;

	for (int argno = 0; argno <= 6; argno++)
		if (argno != 3 && PG_ARGISNULL(argno))
			elog(ERROR, "a seal has all its parts");
	if (PG_GETARG_INT16(0) != JOURNAL_VERSION)
		elog(ERROR, "unknown version %d of a seal", PG_GETARG_INT16(0));

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(4), INT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &tickets, &no_ticket, &count);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(5), INT4OID, 4, true, TYPALIGN_INT, &numbers, &no_number, &number_count);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(6), BYTEAOID, -1, false, TYPALIGN_INT, &hashes, &no_hash, &hash_count);
	if (number_count != count || hash_count != count)
		elog(ERROR, "the arrays of a seal are of different lengths");

	initStringInfo(&seal);
	pq_sendint16(&seal, PG_GETARG_INT16(0));
	pq_sendint64(&seal, PG_GETARG_INT64(1));
	pq_sendint32(&seal, PG_GETARG_DATEADT(2) + (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE));
	append_text(&seal, fcinfo, 3);
	pq_sendint32(&seal, count);
	for (int i = 0; i < count; i++)
	{
		bytea	   *hash;

		CHECK_FOR_INTERRUPTS();
		if (no_ticket[i] || no_number[i] || no_hash[i])
			elog(ERROR, "a sealed entry has its ticket, number and hash");
		hash = DatumGetByteaPP(hashes[i]);
		pq_sendint64(&seal, DatumGetInt64(tickets[i]));
		pq_sendint32(&seal, DatumGetInt32(numbers[i]));
		append_bytes(&seal, VARDATA_ANY(hash), VARSIZE_ANY_EXHDR(hash));
	}
	PG_RETURN_BYTEA_P(sha256_of(&seal));
}
