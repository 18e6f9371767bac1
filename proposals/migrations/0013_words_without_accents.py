"""Words are compared without accents; the words of public texts and the cells of the counts are kept by triggers."""

from django.db import migrations

FOLD = r"""
create function proposals_fold(words text) returns text language sql immutable parallel safe as $$
  select replace(replace(replace(replace(translate(
    lower(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g')), 'øłđıħ', 'oldih'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
$$;
create function proposals_grammar(language text) returns regconfig language sql immutable parallel safe as $$
  select case language when 'de' then 'pg_catalog.german'::regconfig when 'en' then 'pg_catalog.english'::regconfig
    else 'pg_catalog.simple'::regconfig end
$$;
create function proposals_vector(language text, title text, summary text, more text)
returns tsvector language sql immutable parallel safe as $$
  select setweight(to_tsvector(proposals_grammar(language), proposals_fold(coalesce(title, ''))), 'A')
    || setweight(to_tsvector(proposals_grammar(language), proposals_fold(coalesce(summary, ''))), 'B')
    || setweight(to_tsvector(proposals_grammar(language), proposals_fold(coalesce(more, ''))), 'C')
$$;
-- Index the newest text of these proposals, each language by its own grammar, with the name of the place.
create function proposals_index(keys bigint[]) returns void language sql as $$
  update proposals_proposal p set search =
    proposals_vector(p.language, p.title, p.summary, concat_ws(' ', r.body, p.location))
    || coalesce((select proposals_vector(t.key, t.value ->> 'title', t.value ->> 'summary', t.value ->> 'body')
                 from jsonb_each(r.translations) t where t.key = 'en'), '')
    || coalesce((select proposals_vector(t.key, t.value ->> 'title', t.value ->> 'summary', t.value ->> 'body')
                 from jsonb_each(r.translations) t where t.key = 'de'), '')
    || setweight(to_tsvector('german', proposals_fold(concat_ws(' ', l.name_de, l.name_en))), 'D')
  from cocreation_place l, proposals_revision r
  where p.contribution_id = any(keys) and l.id = p.place_id and r.proposal_id = p.contribution_id
    and r.number = (select max(n.number) from proposals_revision n where n.proposal_id = p.contribution_id)
$$;
-- The different words of a title, a sentence and their translations, as they are written.
create function proposals_words(title text, summary text, translations jsonb)
returns setof text language sql immutable parallel safe as $$
  select distinct m[1] from regexp_matches(
    concat_ws(' ', title, summary, (
      select string_agg(concat_ws(' ', t.value ->> 'title', t.value ->> 'summary'), ' ') from jsonb_each(translations) t)),
    '[^[:space:][:punct:][:digit:]„“”«»‹›‚‘’…–—·×€°]{3,60}', 'g') m
$$;
"""
TRIGGERS = """
create function proposals_keep_words() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.is_public then
    insert into proposals_searchword (process_id, word, n)
    select old.process_id, w, -1 from proposals_words(old.title, old.summary, old.translations) w;
  end if;
  if tg_op <> 'DELETE' and new.is_public then
    insert into proposals_searchword (process_id, word, n)
    select new.process_id, w, 1 from proposals_words(new.title, new.summary, new.translations) w;
  end if;
  return null;
end $$;
create trigger proposals_words_in after insert on proposals_proposal
  for each row when (new.is_public) execute function proposals_keep_words();
create trigger proposals_words_out after delete on proposals_proposal
  for each row when (old.is_public) execute function proposals_keep_words();
create trigger proposals_words_move after update of process_id, title, summary, translations, is_public on proposals_proposal
  for each row when ((old.process_id, old.title, old.summary, old.translations, old.is_public)
    is distinct from (new.process_id, new.title, new.summary, new.translations, new.is_public))
  execute function proposals_keep_words();

create or replace function proposals_keep_counts() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.is_public then
    insert into proposals_listcount (process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors, n)
    values (old.process_id, old.place_id, old.theme, old.stage, old.author_kind, old.is_answered, old.seeks_coauthors, -1);
  end if;
  if tg_op <> 'DELETE' and new.is_public then
    insert into proposals_listcount (process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors, n)
    values (new.process_id, new.place_id, new.theme, new.stage, new.author_kind, new.is_answered, new.seeks_coauthors, 1);
  end if;
  return null;
end $$;
drop trigger proposals_counts_move on proposals_proposal;
create trigger proposals_counts_move
  after update of process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors, is_public
  on proposals_proposal
  for each row when (
    (old.process_id, old.place_id, old.theme, old.stage, old.author_kind, old.is_answered, old.seeks_coauthors, old.is_public)
    is distinct from
    (new.process_id, new.place_id, new.theme, new.stage, new.author_kind, new.is_answered, new.seeks_coauthors, new.is_public))
  execute function proposals_keep_counts();
"""
WHAT_IS_THERE = """
update proposals_proposal p set author_kind = o.kind
  from cocreation_contribution c join accounts_organisation o on o.id = c.organisation_id
  where c.id = p.contribution_id;
update proposals_proposal p set is_answered = true where exists (
  select from proposals_stagemove m where m.proposal_id = p.contribution_id
    and m.stage in ('answered', 'promised', 'under_way', 'delivered', 'evaluated'));
select proposals_index(array_agg(contribution_id)) from proposals_proposal;
delete from proposals_listcount;
insert into proposals_listcount (process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors, n)
  select process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors, count(*)
  from proposals_proposal where is_public group by 1, 2, 3, 4, 5, 6, 7;
insert into proposals_searchword (process_id, word, n)
  select p.process_id, w, count(*) from proposals_proposal p, proposals_words(p.title, p.summary, p.translations) w
  where p.is_public group by 1, 2;
"""
BACK = """
drop trigger proposals_words_in on proposals_proposal;
drop trigger proposals_words_out on proposals_proposal;
drop trigger proposals_words_move on proposals_proposal;
drop function proposals_keep_words();
drop function proposals_words(text, text, jsonb);
drop function proposals_index(bigint[]);
drop function proposals_vector(text, text, text, text);
drop function proposals_grammar(text);
drop function proposals_fold(text);
create or replace function proposals_keep_counts() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.is_public then
    insert into proposals_listcount (process_id, place_id, theme, stage, n)
    values (old.process_id, old.place_id, old.theme, old.stage, -1);
  end if;
  if tg_op <> 'DELETE' and new.is_public then
    insert into proposals_listcount (process_id, place_id, theme, stage, n)
    values (new.process_id, new.place_id, new.theme, new.stage, 1);
  end if;
  return null;
end $$;
drop trigger proposals_counts_move on proposals_proposal;
create trigger proposals_counts_move after update of process_id, place_id, theme, stage, is_public on proposals_proposal
  for each row when ((old.process_id, old.place_id, old.theme, old.stage, old.is_public)
    is distinct from (new.process_id, new.place_id, new.theme, new.stage, new.is_public))
  execute function proposals_keep_counts();
"""


class Migration(migrations.Migration):
    dependencies = [("proposals", "0012_what_lists_find_and_filter_by")]

    operations = [
        migrations.RunSQL(FOLD + TRIGGERS, BACK),
        migrations.RunSQL(WHAT_IS_THERE, migrations.RunSQL.noop),
    ]
