#!/usr/bin/env python3
"""validate_labels.py: check the form of the labelled files beside it (no database, no engine; reads those files only).

A label cannot be proved right by a program; what can be is that ids and texts are unique, keys, codes, categories and
dates are known, E1 missing brings E7 (A4.1.1, A4.1.7), and a report without a code is called qualified."""
import collections, datetime, glob, json, os, sys

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = {'id', 'category', 'appeal', 'reported_on', 'report', 'qualified', 'reject', 'review', 'note'}
CATEGORIES = {'投诉', '求助', '意见建议', '咨询'}
CODES = {f'E{i}' for i in range(1, 8)} | {f'P{i}' for i in range(1, 8)}
EXPECTED = {'flag', 'ok', 'flag-synonym'}
wrong = []


def check(condition, where, what):
    if not condition:
        wrong.append(f'{where}: {what}')


ids, texts, count = set(), set(), collections.Counter()
lines = [(os.path.basename(name), number, line) for name in sorted(glob.glob(os.path.join(HERE, 'reports-*.jsonl')))
         for number, line in enumerate(open(name, encoding='utf-8'), 1)]
for name, number, line in lines:
    r = json.loads(line)
    where = r.get('id', f'{name}:{number}')
    check(set(r) - {'either'} == KEYS, where, f'keys {sorted(r)}')
    check(r['id'] not in ids, where, 'id twice')
    check(r['report'] not in texts, where, 'text twice')
    ids.add(r['id'])
    texts.add(r['report'])
    check(r['category'] in CATEGORIES, where, 'category')
    day = datetime.date.fromisoformat(r['reported_on'])
    check(datetime.date(2022, 1, 1) <= day <= datetime.date(2026, 12, 31), where, 'date outside 2022 to 2026')
    for key in ('reject', 'review', 'either'):
        codes = r.get(key, [])
        check(set(codes) <= CODES and len(set(codes)) == len(codes), where, f'{key} {codes}')
    reject, review, either = set(r['reject']), set(r['review']), set(r.get('either', []))
    check('E1' not in reject or 'E7' in reject, where, 'E1 without E7')
    check('P3' not in reject, where, 'P3 is review only (R8)')
    check(not reject & review, where, 'a code both reject and review')
    check(r['qualified'] is (not reject and not review), where, 'qualified does not fit the codes')
    check(len(r['appeal']) > 3 and len(r['report']) > 30 and r['note'], where, 'too short')
    count['qualified' if r['qualified'] else 'reject' if reject else 'review'] += 1
    for code in reject - either:
        count['reject ' + code] += 1
    for code in review - either:
        count['review ' + code] += 1
    for code in either:
        count['either ' + code] += 1

seen = set()
for path in sorted(glob.glob(os.path.join(HERE, 'phrases-*.tsv'))):
    name = os.path.basename(path)
    lines = open(path, encoding='utf-8').read().split('\n')
    check(lines[0] == 'rule\texpected\ttext\twhy', name, 'heading')
    check(lines[-1] == '', name, 'no newline at the end')
    for number, line in enumerate(lines[1:-1], 2):
        where, fields = f'{name}:{number}', line.split('\t')
        check(len(fields) == 4 and all(fields), where, f'{len(fields)} fields')
        if len(fields) != 4:
            continue
        rule, expected, text, why = fields
        check(rule in CODES and rule[0] == 'P', where, f'rule {rule}')
        check(expected in EXPECTED, where, f'expected {expected}')
        check(expected != 'flag-synonym' or rule in ('P1', 'P2', 'P4'), where, 'synonyms are of the closed lists only')
        check((name, rule, text) not in seen, where, 'twice')
        seen.add((name, rule, text))
        count[f'phrase {rule} {expected}'] += 1

for name in sorted(count):
    print(f'{count[name]:5}  {name}')
print(len(ids), 'reports,', len(seen), 'phrases')
for w in wrong:
    print(w, file=sys.stderr)
sys.exit(1 if wrong else 0)
