-- The papers of the end, written by psql where :documents says and shown by their first lines: the month's bulletin
-- (3.2) and a sheet of the ticket that went back three times (2.2.2).
\pset format unaligned
\pset tuples_only on
select p.ticket_id as ticket from demo.played p where p.alias = 'T89' \gset
\set file :documents/bulletin.html
select ticket_workflow.monthly_bulletin('yichuan', '2023-01-01') \g :file
\set file :documents/bulletin.md
select ticket_workflow.monthly_bulletin('yichuan', '2023-01-01', 'markdown') \g :file
\set file :documents/sheet.html
select ticket_workflow.ticket_sheet(:ticket, sheet => 'return') \g :file
call demo.documents(:ticket, :'documents', :'left' = 'yes');
