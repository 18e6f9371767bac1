-- Written by `python3 dev.py schema`: what the migrations below leave behind.
-- migration account 0001_initial
-- migration account 0002_email_max_length
-- migration account 0003_alter_emailaddress_create_unique_verified_email
-- migration account 0004_alter_emailaddress_drop_unique_email
-- migration account 0005_emailaddress_idx_upper_email
-- migration account 0006_emailaddress_lower
-- migration account 0007_emailaddress_idx_email
-- migration account 0008_emailaddress_unique_primary_email_fixup
-- migration account 0009_emailaddress_unique_primary_email
-- migration accounts 0001_first_rooms
-- migration accounts 0002_guests_and_age_bands
-- migration accounts 0003_dry_runs_are_apart
-- migration accounts 0004_minors_and_guardians
-- migration accounts 0005_use_of_data_may_be_restricted
-- migration amendments 0001_first_rooms
-- migration amendments 0002_copies_cannot_drift
-- migration auth 0001_initial
-- migration auth 0002_alter_permission_name_max_length
-- migration auth 0003_alter_user_email_max_length
-- migration auth 0004_alter_user_username_opts
-- migration auth 0005_alter_user_last_login_null
-- migration auth 0006_require_contenttypes_0002
-- migration auth 0007_alter_validators_add_error_messages
-- migration auth 0008_alter_user_username_max_length
-- migration auth 0009_alter_user_last_name_max_length
-- migration auth 0010_alter_group_name_max_length
-- migration auth 0011_update_proxy_permissions
-- migration auth 0012_alter_user_first_name_max_length
-- migration ballots 0001_first_rooms
-- migration ballots 0002_a_share_is_reserved_for_a_theme
-- migration ballots 0003_results_are_published_by_two_people
-- migration ballots 0004_the_board_of_a_vote
-- migration ballots 0005_the_board_only_grows
-- migration ballots 0006_a_lot_decides_ties
-- migration ballots 0007_a_vote_reminds_once
-- migration ballots 0008_kinds_of_ballots
-- migration ballots 0009_a_vote_may_also_be_on_paper
-- migration ballots 0010_questions_on_a_ballot
-- migration ballots 0011_receipts_by_mail
-- migration ballots 0012_equal_shares_held_against_most_votes
-- migration ballots 0013_envelopes_with_ballots_of_their_own
-- migration ballots 0014_a_vote_with_envelopes_may_also_be_on_paper
-- migration budgets 0001_first_rooms
-- migration budgets 0002_the_money_is_divided_over_places
-- migration budgets 0003_a_division_stays
-- migration cocreation 0001_first_rooms
-- migration cocreation 0002_why_a_kept_act_was_refused
-- migration cocreation 0003_entries_and_groups
-- migration cocreation 0004_recipes_and_packages_travel
-- migration cocreation 0005_dry_runs_are_apart
-- migration cocreation 0006_what_guards_a_process
-- migration cocreation 0007_what_was_public_stays
-- migration cocreation 0008_acts_that_wait_for_a_confirmation
-- migration cocreation 0009_roles_have_a_scope_and_need_training
-- migration cocreation 0010_ways_of_checking
-- migration cocreation 0011_versions_removed_phases_and_invitations
-- migration cocreation 0012_contributions_live_on_in_another_one
-- migration cocreation 0013_contributions_can_wait
-- migration cocreation 0014_files_of_contributions
-- migration cocreation 0015_follows_of_places_and_themes
-- migration cocreation 0016_what_a_process_means_for_data
-- migration contenttypes 0001_initial
-- migration contenttypes 0002_remove_content_type_name
-- migration conversation 0001_first_rooms
-- migration conversation 0002_copies_cannot_drift
-- migration conversation 0003_numbers_from_an_index
-- migration council 0001_what_the_council_deals_with
-- migration cowriting 0001_shared_drafts
-- migration defects 0001_problems_people_report
-- migration defects 0002_copies_agree
-- migration feedback 0001_first_rooms
-- migration feedback 0002_nothing_public_is_deleted
-- migration feedback 0003_dry_runs_may_go
-- migration feedback 0004_answers_have_readers_clocks_and_traces
-- migration feedback 0005_promises_on_their_way
-- migration feedback 0006_what_was_promised_stays
-- migration feedback 0007_a_question_may_be_erased
-- migration feedback 0008_thanks_by_name_are_consents
-- migration jobs 0001_first_jobs
-- migration jobs 0002_what_was_removed_when
-- migration journal 0001_first_rooms
-- migration journal 0002_append_only
-- migration journal 0003_dry_runs_are_apart
-- migration journal 0004_the_audit_is_found_quickly
-- migration merging 0001_proposals_become_one_and_are_grouped
-- migration mfa 0001_initial
-- migration mfa 0002_authenticator_timestamps
-- migration mfa 0003_authenticator_type_uniq
-- migration moderation 0001_first_rooms
-- migration moderation 0002_somebody_else_decides
-- migration notices 0001_first_rooms
-- migration notices 0002_some_messages_end
-- migration notices 0003_wishes_bounces_and_newsletters
-- migration notices 0004_messages_on_devices
-- migration notices 0005_messages_about_ones_data
-- migration notices 0006_fewer_indexes
-- migration notices 0007_things_are_asked_for_once_a_chunk
-- migration opendata 0001_versions_of_data_sets
-- migration opendata 0002_figures
-- migration opendata 0003_packages_of_processes
-- migration paperwork 0001_runs_codes_batches_and_scans
-- migration paperwork 0002_parts_of_ballots
-- migration privacy 0001_copies_and_erasures
-- migration privacy 0002_what_people_agreed_to
-- migration privacy 0003_requests_with_a_clock
-- migration privacy 0004_breaches_have_a_clock
-- migration proposals 0001_first_rooms
-- migration proposals 0002_copies_cannot_drift
-- migration proposals 0003_counts_beside_the_filters
-- migration proposals 0004_an_index_for_filtered_lists
-- migration proposals 0005_proposals_have_several_hands
-- migration proposals 0006_who_wrote_alone_leads
-- migration proposals 0007_invitations_offers_and_drafts
-- migration proposals 0008_supports_are_carried_to_the_living_page
-- migration proposals 0009_offices_work_in_the_open
-- migration proposals 0010_what_was_found_before
-- migration proposals 0011_one_word_of_an_office_stands
-- migration proposals 0012_what_lists_find_and_filter_by
-- migration proposals 0013_words_without_accents
-- migration proposals 0014_a_place_in_fair_order
-- migration proposals 0015_supports_counted_elsewhere
-- migration proposals 0016_lists_as_files
-- migration reach 0001_answers_about_oneself
-- migration searches 0001_what_people_look_for
-- migration sessions 0001_initial
-- migration tokens 0001_first_rooms
-- migration variants 0001_designs_notes_and_preferences
-- migration webapi 0001_first_rooms
-- migration webhooks 0001_addresses_that_are_told
-- migration webhooks 0002_secrets_are_renewed

CREATE FUNCTION public.ballots_board_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if exists (select from cocreation_phase p where p.id = old.vote_id and p.process_id < 0)
     or not exists (select from cocreation_phase p where p.id = old.vote_id) then
    return coalesce(new, old);
  end if;
  if tg_op = 'UPDATE' and tg_table_name = 'ballots_boardleaf' then
    if (to_jsonb(old) ->> 'credential') is null
       and (to_jsonb(new) - 'credential' - 'commitment' - 'nonce' - 'choice')
         = (to_jsonb(old) - 'credential' - 'commitment' - 'nonce' - 'choice') then
      return new;
    end if;
  end if;
  raise exception 'The board of a vote only grows.' using errcode = 'check_violation';
end $$;

CREATE FUNCTION public.budgets_division_adds_up() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  newest budgets_division;
  its_process bigint;
begin
  if tg_table_name = 'budgets_envelope' then
    if new.place_id is not null then return null; end if;
    its_process := new.process_id;
  elsif tg_table_name = 'budgets_division' then
    its_process := new.process_id;
  else
    select d.process_id into its_process from budgets_division d where d.id = new.division_id;
  end if;
  select * into newest from budgets_division d where d.process_id = its_process order by d.number desc limit 1;
  if newest.id is null then return null; end if;
  if exists (select from budgets_division d where d.process_id = its_process and d.total - d.common is distinct from
             (select sum(s.amount) from budgets_share s where s.division_id = d.id)) then
    raise exception 'The shares are not the sum that is divided.' using errcode = 'check_violation';
  end if;
  if not exists (select from budgets_envelope e where e.process_id = its_process and e.place_id is null
                 and e.amount = newest.total) then
    raise exception 'The budget is not the sum that is divided.' using errcode = 'check_violation';
  end if;
  return null;
end $$;

CREATE FUNCTION public.budgets_division_frozen() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if new.process_id > 0 and (
    exists (select from cocreation_phase p where p.process_id = new.process_id and p.starts <= new.published_at
            and ('propose' = any(p.acts) or p.method = 'ballot'))
    or exists (select from proposals_proposal p where p.process_id = new.process_id and p.is_public)
  ) then
    raise exception 'People hand in already: how the money is divided is fixed.' using errcode = 'check_violation';
  end if;
  if new.number <> 1 + (select count(*) from budgets_division d where d.process_id = new.process_id) then
    raise exception 'Versions are numbered one after the other.' using errcode = 'check_violation';
  end if;
  return new;
end $$;

CREATE FUNCTION public.budgets_division_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  its_process bigint;
begin
  if tg_table_name = 'budgets_division' then
    its_process := old.process_id;
  else
    select d.process_id into its_process from budgets_division d where d.id = old.division_id;
  end if;
  if tg_op = 'DELETE' and (its_process is null or its_process < 0 or not exists (
      select from cocreation_process p where p.id = its_process and p.published_at is not null)) then
    return old;
  end if;
  raise exception 'How money was divided is not changed; a new version says why.' using errcode = 'check_violation';
end $$;

CREATE FUNCTION public.cocreation_next_receipt() RETURNS text
    LANGUAGE sql
    AS $$
              select to_char(now() at time zone 'UTC', 'YYYY') || '-'
                     || case when n < 10000 then lpad(n::text, 4, '0') else n::text end
              from (select nextval('cocreation_receipt') as n) numbers
            $$;

CREATE FUNCTION public.cocreation_process_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if old.published_at is not null then
    raise exception 'A process that was public is not deleted; it is put into the archive.' using errcode = 'check_violation';
  end if;
  return old;
end $$;

CREATE FUNCTION public.cocreation_processes_about(place bigint) RETURNS bigint[]
    LANGUAGE sql STABLE STRICT
    AS $$
              with recursive below(id) as (
                select place union select p.id from cocreation_place p join below on p.parent_id = below.id)
              select coalesce(array_agg(distinct about.process_id), '{}')
              from cocreation_process_places about join below on about.place_id = below.id
            $$;

CREATE FUNCTION public.cocreation_record_fixed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_op = 'UPDATE' then
    -- Only the person behind it may be forgotten.
    if (to_jsonb(new) - 'by_id') = (to_jsonb(old) - 'by_id') and new.by_id is null then
      return new;
    end if;
    raise exception 'What was recorded is not changed.' using errcode = 'check_violation';
  end if;
  -- The history of a draft goes with the draft, and only with it.
  if exists (select 1 from cocreation_process p where p.id = old.process_id and p.published_at is not null) then
    raise exception 'What was recorded is not deleted.' using errcode = 'check_violation';
  end if;
  return old;
end $$;

CREATE FUNCTION public.feedback_dates_stand() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if to_jsonb(new) is distinct from to_jsonb(old) then
    raise exception 'The date of an answer was fixed at the publication.' using errcode = 'check_violation';
  end if;
  return new;
end $$;

CREATE FUNCTION public.feedback_fixed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  -- Only the people behind it may be forgotten.
  if (to_jsonb(new) - 'by_id' - 'read_by_id') = (to_jsonb(old) - 'by_id' - 'read_by_id')
     and (to_jsonb(new) ->> 'by_id' is null or to_jsonb(new) ->> 'by_id' = to_jsonb(old) ->> 'by_id')
     and (to_jsonb(new) ->> 'read_by_id' is null or to_jsonb(new) ->> 'read_by_id' = to_jsonb(old) ->> 'read_by_id') then
    return new;
  end if;
  if (to_jsonb(old) ->> 'process_id')::bigint < 0 and (to_jsonb(new) ->> 'process_id')::bigint < 0 then
    return new;
  end if;
  raise exception 'What the city said in public is not changed; it is said anew.' using errcode = 'check_violation';
end $$;

CREATE FUNCTION public.feedback_followup_once() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  -- The question stands as it was asked; the reply is given once; people may be forgotten.
  if (to_jsonb(new) - array['question', 'asked_by_id', 'replied_by_id', 'replied_at', 'reply', 'reply_de', 'reply_en'])
     = (to_jsonb(old) - array['question', 'asked_by_id', 'replied_by_id', 'replied_at', 'reply', 'reply_de', 'reply_en'])
     and (new.asked_by_id is null or new.asked_by_id = old.asked_by_id)
     and (new.question = old.question or new.question = '–')
     and (old.replied_at is null
          or (new.replied_at, new.reply_de, new.reply_en) is not distinct from (old.replied_at, old.reply_de, old.reply_en)
             and (new.replied_by_id is null or new.replied_by_id = old.replied_by_id)) then
    return new;
  end if;
  raise exception 'What was asked and answered in public is not changed.' using errcode = 'check_violation';
end $$;

CREATE FUNCTION public.feedback_plan_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  plan bigint;
  published timestamptz;
begin
  if tg_table_name = 'feedback_plan' then
    published := old.published_at;
    if tg_op = 'UPDATE' and (to_jsonb(new) - 'by_id') = (to_jsonb(old) - 'by_id') and new.by_id is null then
      return new;
    end if;
  else
    if tg_table_name = 'feedback_planparagraph' then
      if tg_op = 'INSERT' then
        plan := new.plan_id;
      else
        plan := old.plan_id;
      end if;
    elsif tg_op = 'INSERT' then
      select plan_id into plan from feedback_planparagraph where id = new.paragraph_id;
    else
      select plan_id into plan from feedback_planparagraph where id = old.paragraph_id;
    end if;
    select published_at into published from feedback_plan where id = plan;
  end if;
  if published is not null then
    raise exception 'An adopted text is not changed; a later one stands beside it.' using errcode = 'check_violation';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end $$;

CREATE FUNCTION public.feedback_promise_stands() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if old.process_id < 0 then
    return new;
  end if;
  if row(new.process_id, new.contribution_id, new.first_due, new.promised_at, new.title_de)
       is distinct from row(old.process_id, old.contribution_id, old.first_due, old.promised_at, old.title_de)
     or (coalesce(old.title_en, '') <> '' and new.title_en is distinct from old.title_en)
     or (old.budget is not null and new.budget is distinct from old.budget)
     or (old.started_at is not null and new.started_at is distinct from old.started_at)
     or (old.delivered_at is not null and new.delivered_at is distinct from old.delivered_at)
     or (old.evaluated_at is not null and new.evaluated_at is distinct from old.evaluated_at)
     or (old.given_up_at is not null and new.given_up_at is distinct from old.given_up_at) then
    raise exception 'What the city promised is not rewritten.' using errcode = 'check_violation';
  end if;
  if new.due <> old.due and not exists (
       select from feedback_delay d where d.commitment_id = old.id and d.old_due = old.due and d.new_due = new.due) then
    raise exception 'A date moves with its public reason only.' using errcode = 'check_violation';
  end if;
  if new.office_id <> old.office_id and not exists (
       select from feedback_handover h where h.commitment_id = old.id
       and h.old_office_id = old.office_id and h.new_office_id = new.office_id) then
    raise exception 'An office hands a promise over with its public reason only.' using errcode = 'check_violation';
  end if;
  if old.given_up_at is null and new.given_up_at is not null and not exists (
       select from feedback_ending e where e.commitment_id = old.id) then
    raise exception 'A promise is given up with its public reason only.' using errcode = 'check_violation';
  end if;
  if new.spent <> old.spent and new.spent <> (
       select coalesce(sum(s.amount), 0) from feedback_spending s where s.commitment_id = old.id) then
    raise exception 'What was spent is the sum of its entries.' using errcode = 'check_violation';
  end if;
  return new;
end $$;

CREATE FUNCTION public.feedback_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
  owner bigint := (to_jsonb(old) ->> 'process_id')::bigint;
begin
  if owner is null then
    select process_id into owner from feedback_commitment where id = (to_jsonb(old) ->> 'commitment_id')::bigint;
  end if;
  if owner < 0 then
    return old;
  end if;
  raise exception 'What the city said in public is not deleted.' using errcode = 'check_violation';
end $$;

CREATE FUNCTION public.journal_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
            begin
              if tg_op = 'UPDATE' and old.seq is null
                 and (to_jsonb(new) - 'seq' - 'hash' - 'xid') = (to_jsonb(old) - 'seq' - 'hash' - 'xid') then
                return new;
              end if;
              raise exception 'The journal is append-only.' using errcode = 'check_violation';
            end $$;

CREATE FUNCTION public.moderation_somebody_else() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
            begin
              if new.decided_by_id is not null and exists (
                select 1 from moderation_decision d where d.id = new.decision_id and d.by_id = new.decided_by_id
              ) then
                raise exception 'whoever decided first does not decide about the appeal'
                  using errcode = 'check_violation', constraint = 'moderation_appeal_decided_by_another';
              end if;
              return new;
            end $$;

CREATE FUNCTION public.notices_about_moved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform notices_contribution_there(array_remove(array[new.contribution_id], null)),
          notices_person_there(array[new.person_id]),
          notices_process_there(array_remove(array[new.process_id], null));
  return null;
end $$;

CREATE FUNCTION public.notices_about_told() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform notices_contribution_there(array_agg(distinct contribution_id) filter (where contribution_id is not null)),
          notices_person_there(array_agg(distinct person_id)),
          notices_process_there(array_agg(distinct process_id) filter (where process_id is not null)) from told;
  return null;
end $$;

CREATE FUNCTION public.notices_contribution_there(named bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  n bigint;
begin
  perform 1 from cocreation_contribution t where t.id = any(named) order by t.id for key share;
  get diagnostics n = row_count;
  if n < cardinality(named) then
    raise exception 'A notice is about a contribution that exists.' using errcode = 'foreign_key_violation';
  end if;
end $$;

CREATE FUNCTION public.notices_contribution_told() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if exists (select from notices_notice n where n.contribution_id = old.id) then
    raise exception 'A contribution does not go before the notices about it.' using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;

CREATE FUNCTION public.notices_person_there(named bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  n bigint;
begin
  perform 1 from accounts_person t where t.id = any(named) order by t.id for key share;
  get diagnostics n = row_count;
  if n < cardinality(named) then
    raise exception 'A notice is about a person that exists.' using errcode = 'foreign_key_violation';
  end if;
end $$;

CREATE FUNCTION public.notices_person_told() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if exists (select from notices_notice n where n.person_id = old.id) then
    raise exception 'A person does not go before the notices about it.' using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;

CREATE FUNCTION public.notices_process_there(named bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
  n bigint;
begin
  perform 1 from cocreation_process t where t.id = any(named) order by t.id for key share;
  get diagnostics n = row_count;
  if n < cardinality(named) then
    raise exception 'A notice is about a process that exists.' using errcode = 'foreign_key_violation';
  end if;
end $$;

CREATE FUNCTION public.notices_process_told() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if exists (select from notices_notice n where n.process_id = old.id) then
    raise exception 'A process does not go before the notices about it.' using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;

CREATE FUNCTION public.privacy_consent_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  -- Who took part without an account may turn out to have one: their lines move there, and say the same.
  if tg_op = 'UPDATE' and (to_jsonb(new) - 'person_id') = (to_jsonb(old) - 'person_id')
     and exists (select from accounts_person p where p.id = old.person_id and p.is_guest) then
    return new;
  end if;
  raise exception 'The ledger of consents only grows.' using errcode = 'check_violation';
end $$;

CREATE FUNCTION public.privacy_only_grows() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'What people could read and what they agreed to is not changed; it is said anew.'
    using errcode = 'check_violation';
end $$;

CREATE FUNCTION public.proposals_fold(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select replace(replace(replace(replace(translate(
    lower(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g')), 'øłđıħ', 'oldih'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
$$;

CREATE FUNCTION public.proposals_grammar(language text) RETURNS regconfig
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case language when 'de' then 'pg_catalog.german'::regconfig when 'en' then 'pg_catalog.english'::regconfig
    else 'pg_catalog.simple'::regconfig end
$$;

CREATE FUNCTION public.proposals_index(keys bigint[]) RETURNS void
    LANGUAGE sql
    AS $$
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

CREATE FUNCTION public.proposals_keep_counts() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.proposals_keep_words() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.proposals_vector(language text, title text, summary text, more text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select setweight(to_tsvector(proposals_grammar(language), proposals_fold(coalesce(title, ''))), 'A')
    || setweight(to_tsvector(proposals_grammar(language), proposals_fold(coalesce(summary, ''))), 'B')
    || setweight(to_tsvector(proposals_grammar(language), proposals_fold(coalesce(more, ''))), 'C')
$$;

CREATE FUNCTION public.proposals_words(title text, summary text, translations jsonb) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select distinct m[1] from regexp_matches(
    concat_ws(' ', title, summary, (
      select string_agg(concat_ws(' ', t.value ->> 'title', t.value ->> 'summary'), ' ') from jsonb_each(translations) t)),
    '[^[:space:][:punct:][:digit:]„“”«»‹›‚‘’…–—·×€°]{3,60}', 'g') m
$$;

CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);

ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);

ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_guardianconsent (
    id bigint NOT NULL,
    guardian_email character varying(254) NOT NULL,
    wording character varying(20) NOT NULL,
    given_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    person_id bigint
);

ALTER TABLE public.accounts_guardianconsent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_guardianconsent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_membership (
    id bigint NOT NULL,
    role character varying(10) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    ended_at timestamp with time zone,
    confirmed_by_id bigint,
    person_id bigint NOT NULL,
    organisation_id bigint NOT NULL
);

ALTER TABLE public.accounts_membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_organisation (
    id bigint NOT NULL,
    slug character varying(60) NOT NULL,
    name character varying(120) NOT NULL,
    kind character varying(30) NOT NULL,
    about text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    confirmed_by_id bigint,
    CONSTRAINT accounts_organisation_kind_known CHECK (((kind)::text = ANY (ARRAY[('public_administration'::character varying)::text, ('company'::character varying)::text, ('university_or_research'::character varying)::text, ('civil_society'::character varying)::text, ('creative_and_arts'::character varying)::text, ('neighbourhood_group'::character varying)::text])))
);

ALTER TABLE public.accounts_organisation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_organisation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_person (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    email character varying(254) NOT NULL,
    public_name character varying(80) NOT NULL,
    about character varying(280) NOT NULL,
    language character varying(5) NOT NULL,
    place character varying(60) NOT NULL,
    is_active boolean NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    is_guest boolean NOT NULL,
    invented boolean NOT NULL,
    minor_until date,
    restricted_since timestamp with time zone,
    CONSTRAINT accounts_person_guests_do_not_rule CHECK (((NOT is_guest) OR (NOT is_superuser))),
    CONSTRAINT accounts_person_invented_cannot_log_in CHECK (((NOT invented) OR ((NOT is_active) AND ((password)::text ~~ '!%'::text))))
);

CREATE TABLE public.accounts_person_groups (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    group_id integer NOT NULL
);

ALTER TABLE public.accounts_person_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_person_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.accounts_person ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_person_user_permissions (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.accounts_person_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_person_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_verification (
    id bigint NOT NULL,
    residence character varying(60) NOT NULL,
    method character varying(10) NOT NULL,
    verified_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    person_id bigint NOT NULL,
    verified_by_id bigint,
    age_band character varying(6) NOT NULL,
    CONSTRAINT accounts_verification_age_band_known CHECK (((age_band)::text = ANY (ARRAY[(''::character varying)::text, ('0-13'::character varying)::text, ('14-15'::character varying)::text, ('16-17'::character varying)::text, ('18-21'::character varying)::text, ('22-26'::character varying)::text, ('27-64'::character varying)::text, ('65-'::character varying)::text])))
);

ALTER TABLE public.accounts_verification ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_verification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.amendments_amendment (
    contribution_id bigint NOT NULL,
    is_public boolean NOT NULL,
    receipt character varying(16) NOT NULL,
    field character varying(7) NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    old text NOT NULL,
    new text NOT NULL,
    reason text NOT NULL,
    named boolean NOT NULL,
    process_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    revision_id bigint NOT NULL,
    supersedes_id bigint,
    CONSTRAINT amendments_amendment_changes_something CHECK ((NOT (old = new))),
    CONSTRAINT amendments_amendment_end_check CHECK (("end" >= 0)),
    CONSTRAINT amendments_amendment_passage_is_something CHECK (("end" > start)),
    CONSTRAINT amendments_amendment_start_check CHECK ((start >= 0))
);

CREATE TABLE public.amendments_decision (
    amendment_id bigint NOT NULL,
    outcome character varying(9) NOT NULL,
    at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    wording text NOT NULL,
    by_id bigint,
    revision_id bigint,
    CONSTRAINT amendments_decision_accepting_makes_a_version CHECK (((((outcome)::text = ANY (ARRAY[('accepted'::character varying)::text, ('reworded'::character varying)::text])) AND (revision_id IS NOT NULL)) OR (((outcome)::text = ANY (ARRAY[('declined'::character varying)::text, ('withdrawn'::character varying)::text, ('replaced'::character varying)::text])) AND (revision_id IS NULL)))),
    CONSTRAINT amendments_decision_declining_has_a_reason CHECK (((NOT ((outcome)::text = 'declined'::text)) OR (NOT (reason = ''::text))))
);

CREATE TABLE public.amendments_opinion (
    id bigint NOT NULL,
    value character varying(4) NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    poll_id bigint NOT NULL,
    CONSTRAINT amendments_opinion_is_an_answer CHECK (((value)::text = ANY (ARRAY[('yes'::character varying)::text, ('no'::character varying)::text, ('none'::character varying)::text])))
);

ALTER TABLE public.amendments_opinion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.amendments_opinion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.amendments_poll (
    amendment_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    ends timestamp with time zone NOT NULL,
    by_id bigint,
    CONSTRAINT amendments_poll_ends_after_it_began CHECK ((ends > at))
);

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.ballots_ballotoption (
    id bigint NOT NULL,
    cost numeric(14,2) NOT NULL,
    "position" smallint NOT NULL,
    code character varying(60) NOT NULL,
    proposal_id bigint NOT NULL,
    vote_id bigint NOT NULL,
    CONSTRAINT ballots_ballotoption_position_check CHECK (("position" >= 0)),
    CONSTRAINT ballots_option_cost_not_negative CHECK ((cost >= (0)::numeric)),
    CONSTRAINT ballots_option_position_from_one CHECK (("position" >= 1))
);

ALTER TABLE public.ballots_ballotoption ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ballots_ballotoption_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.ballots_boardleaf (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    leaf bytea NOT NULL,
    opening bytea NOT NULL,
    credential bytea,
    commitment bytea,
    nonce bytea,
    choice character varying(70)[],
    vote_id bigint NOT NULL,
    CONSTRAINT ballots_boardleaf_position_check CHECK (("position" >= 0)),
    CONSTRAINT ballots_leaf_of_one_length CHECK (((octet_length(leaf) = 32) AND (octet_length(opening) = 560))),
    CONSTRAINT ballots_leaf_opened_whole CHECK ((((choice IS NULL) AND (commitment IS NULL) AND (credential IS NULL) AND (nonce IS NULL)) OR ((choice IS NULL) AND (commitment IS NOT NULL) AND (credential IS NOT NULL) AND (nonce IS NULL)) OR ((choice IS NOT NULL) AND (commitment IS NOT NULL) AND (credential IS NOT NULL) AND (nonce IS NOT NULL))))
);

ALTER TABLE public.ballots_boardleaf ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ballots_boardleaf_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.ballots_castballot (
    id uuid NOT NULL,
    choice bigint[] NOT NULL,
    channel character varying(6) NOT NULL,
    vote_id bigint NOT NULL,
    points integer[],
    CONSTRAINT ballots_cast_channel_known CHECK (((channel)::text = ANY (ARRAY[('web'::character varying)::text, ('paper'::character varying)::text, ('desk'::character varying)::text, ('import'::character varying)::text]))),
    CONSTRAINT ballots_cast_points_for_each CHECK (((points IS NULL) OR (cardinality(points) = cardinality(choice))))
);

CREATE TABLE public.ballots_receiptmail (
    id bigint NOT NULL,
    posted_at timestamp with time zone,
    attempts smallint NOT NULL,
    person_id bigint NOT NULL,
    vote_id bigint NOT NULL,
    CONSTRAINT ballots_receiptmail_attempts_check CHECK ((attempts >= 0))
);

ALTER TABLE public.ballots_receiptmail ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ballots_receiptmail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.ballots_slot (
    tag bytea NOT NULL,
    choice bytea,
    vote_id bigint NOT NULL,
    closed character varying(5) NOT NULL,
    CONSTRAINT ballots_slot_choice_of_one_length CHECK (((choice IS NULL) OR (octet_length(choice) = 560))),
    CONSTRAINT ballots_slot_closed_known CHECK (((closed)::text = ANY (ARRAY[(''::character varying)::text, ('paper'::character varying)::text, ('desk'::character varying)::text]))),
    CONSTRAINT ballots_slot_tag_length CHECK ((octet_length(tag) = 32))
);

CREATE TABLE public.ballots_tally (
    vote_id bigint NOT NULL,
    rule character varying(40) NOT NULL,
    result jsonb NOT NULL,
    input_hash character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    CONSTRAINT ballots_tally_counted_before_published CHECK (((published_at IS NULL) OR (published_at >= at)))
);

CREATE TABLE public.ballots_treehead (
    id bigint NOT NULL,
    size integer NOT NULL,
    root bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    signature bytea NOT NULL,
    vote_id bigint NOT NULL,
    CONSTRAINT ballots_treehead_size_check CHECK ((size >= 0))
);

ALTER TABLE public.ballots_treehead ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ballots_treehead_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.ballots_turnout (
    id bigint NOT NULL,
    count integer NOT NULL,
    at timestamp with time zone NOT NULL,
    vote_id bigint NOT NULL,
    CONSTRAINT ballots_turnout_count_check CHECK ((count >= 0))
);

ALTER TABLE public.ballots_turnout ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ballots_turnout_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.ballots_vote (
    phase_id bigint NOT NULL,
    budget numeric(14,2) NOT NULL,
    currency character varying(3) NOT NULL,
    rule character varying(40) NOT NULL,
    tie_rule character varying(40) NOT NULL,
    min_choices smallint NOT NULL,
    max_choices smallint,
    eligible integer,
    public_key bytea,
    opened_at timestamp with time zone NOT NULL,
    counted_at timestamp with time zone,
    reserves jsonb NOT NULL,
    keys_destroyed_at timestamp with time zone,
    lot_promise character varying(64) NOT NULL,
    lot_seed character varying(64) NOT NULL,
    reminded_at timestamp with time zone,
    kind character varying(8) NOT NULL,
    most_points smallint,
    points smallint,
    within_budget boolean NOT NULL,
    paper character varying(6) NOT NULL,
    paper_days smallint NOT NULL,
    questions jsonb NOT NULL,
    mailed_at timestamp with time zone,
    compares boolean DEFAULT false NOT NULL,
    envelopes jsonb DEFAULT '[]'::jsonb NOT NULL,
    envelopes_at_home boolean DEFAULT false NOT NULL,
    most_envelopes smallint,
    CONSTRAINT ballots_vote_budget_positive CHECK (((budget > (0)::numeric) OR ((budget = (0)::numeric) AND ((kind)::text = 'answers'::text)))),
    CONSTRAINT ballots_vote_compares_equal_shares CHECK (((NOT compares) OR (((kind)::text = 'approval'::text) AND ((rule)::text = ANY (ARRAY[('mes_cost'::character varying)::text, ('mes_card'::character varying)::text, ('add1_cost'::character varying)::text, ('add1u_cost'::character varying)::text]))))),
    CONSTRAINT ballots_vote_eligible_check CHECK ((eligible >= 0)),
    CONSTRAINT ballots_vote_envelopes_stand_alone CHECK ((((envelopes = '[]'::jsonb) AND (NOT envelopes_at_home) AND (most_envelopes IS NULL)) OR ((NOT (envelopes = '[]'::jsonb)) AND (NOT ((kind)::text = 'answers'::text)) AND ((most_envelopes IS NULL) OR (most_envelopes >= 1)) AND (NOT compares) AND (reserves = '[]'::jsonb) AND ((rule)::text = 'each_envelope'::text) AND (((paper)::text = ''::text) OR ((NOT envelopes_at_home) AND ((kind)::text = 'approval'::text)))))),
    CONSTRAINT ballots_vote_keys_kept_until_counted CHECK (((keys_destroyed_at IS NULL) OR (counted_at IS NOT NULL))),
    CONSTRAINT ballots_vote_kind_known CHECK ((((kind)::text = 'approval'::text) OR (((kind)::text = ANY (ARRAY[('points'::character varying)::text, ('ranking'::character varying)::text, ('answers'::character varying)::text])) AND (NOT within_budget)))),
    CONSTRAINT ballots_vote_lot_is_promised CHECK (((((tie_rule)::text = 'lot'::text) OR ((lot_promise)::text = ''::text)) AND (1 = (
CASE
    WHEN ((tie_rule)::text = 'lot'::text) THEN 1
    ELSE 0
END +
CASE
    WHEN ((lot_promise)::text = ''::text) THEN 1
    ELSE 0
END)))),
    CONSTRAINT ballots_vote_lot_is_the_promised_one CHECK ((((lot_seed)::text = ''::text) OR ((lot_promise)::text = encode(sha256(convert_to((lot_seed)::text, 'UTF8'::name)), 'hex'::text)))),
    CONSTRAINT ballots_vote_lot_told_with_the_count CHECK (((((counted_at IS NOT NULL) AND ((tie_rule)::text = 'lot'::text)) OR ((lot_seed)::text = ''::text)) AND (1 = (
CASE
    WHEN ((counted_at IS NOT NULL) AND ((tie_rule)::text = 'lot'::text)) THEN 1
    ELSE 0
END +
CASE
    WHEN ((lot_seed)::text = ''::text) THEN 1
    ELSE 0
END)))),
    CONSTRAINT ballots_vote_max_choices_check CHECK ((max_choices >= 0)),
    CONSTRAINT ballots_vote_max_choices_not_below_min CHECK (((max_choices IS NULL) OR (max_choices >= min_choices))),
    CONSTRAINT ballots_vote_min_choices_check CHECK ((min_choices >= 0)),
    CONSTRAINT ballots_vote_min_choices_positive CHECK ((min_choices >= 1)),
    CONSTRAINT ballots_vote_most_envelopes_check CHECK ((most_envelopes >= 0)),
    CONSTRAINT ballots_vote_most_points_check CHECK ((most_points >= 0)),
    CONSTRAINT ballots_vote_most_points_within_points CHECK (((most_points IS NULL) OR ((most_points >= 1) AND (most_points <= points) AND (points IS NOT NULL)))),
    CONSTRAINT ballots_vote_open_has_key CHECK (((public_key IS NOT NULL) OR (counted_at IS NOT NULL))),
    CONSTRAINT ballots_vote_opened_before_counted CHECK (((counted_at IS NULL) OR (counted_at >= opened_at))),
    CONSTRAINT ballots_vote_paper_days_check CHECK ((paper_days >= 0)),
    CONSTRAINT ballots_vote_paper_known CHECK (((paper)::text = ANY (ARRAY[(''::character varying)::text, ('paper'::character varying)::text, ('online'::character varying)::text]))),
    CONSTRAINT ballots_vote_points_check CHECK ((points >= 0)),
    CONSTRAINT ballots_vote_points_with_their_kind CHECK (((((kind)::text = 'points'::text) AND (points >= 1) AND (points IS NOT NULL)) OR ((NOT ((kind)::text = 'points'::text)) AND (points IS NULL)))),
    CONSTRAINT ballots_vote_questions_with_their_kind CHECK (((((kind)::text = 'answers'::text) OR (questions = '[]'::jsonb)) AND (1 = (
CASE
    WHEN ((kind)::text = 'answers'::text) THEN 1
    ELSE 0
END +
CASE
    WHEN (questions = '[]'::jsonb) THEN 1
    ELSE 0
END))))
);

CREATE TABLE public.budgets_division (
    id bigint NOT NULL,
    number smallint NOT NULL,
    total numeric(14,2) NOT NULL,
    common numeric(14,2) NOT NULL,
    by_points boolean NOT NULL,
    population smallint NOT NULL,
    deprivation smallint NOT NULL,
    deficit smallint NOT NULL,
    priority smallint NOT NULL,
    bands integer[] NOT NULL,
    base numeric(14,2) NOT NULL,
    solidarity_percent smallint NOT NULL,
    solidarity_places smallint NOT NULL,
    binding boolean NOT NULL,
    source character varying(200) NOT NULL,
    source_de character varying(200),
    source_en character varying(200),
    reason character varying(500) NOT NULL,
    reason_de character varying(500),
    reason_en character varying(500),
    published_at timestamp with time zone NOT NULL,
    process_id bigint NOT NULL,
    CONSTRAINT budgets_division_deficit_check CHECK ((deficit >= 0)),
    CONSTRAINT budgets_division_deprivation_check CHECK ((deprivation >= 0)),
    CONSTRAINT budgets_division_has_weights CHECK (((population > 0) OR (deprivation > 0) OR (deficit > 0) OR (priority > 0))),
    CONSTRAINT budgets_division_later_ones_say_why CHECK (((number = 1) OR (((reason_de)::text > ''::text) AND (reason_de IS NOT NULL) AND ((reason_en)::text > ''::text) AND (reason_en IS NOT NULL)))),
    CONSTRAINT budgets_division_number_check CHECK ((number >= 0)),
    CONSTRAINT budgets_division_of_money CHECK (((base >= (0)::numeric) AND (common >= (0)::numeric) AND (total > common))),
    CONSTRAINT budgets_division_population_check CHECK ((population >= 0)),
    CONSTRAINT budgets_division_priority_check CHECK ((priority >= 0)),
    CONSTRAINT budgets_division_solidarity_goes_somewhere CHECK (((solidarity_percent <= 100) AND ((solidarity_percent = 0) OR (solidarity_places >= 1)))),
    CONSTRAINT budgets_division_solidarity_percent_check CHECK ((solidarity_percent >= 0)),
    CONSTRAINT budgets_division_solidarity_places_check CHECK ((solidarity_places >= 0))
);

ALTER TABLE public.budgets_division ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.budgets_division_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.budgets_envelope (
    id bigint NOT NULL,
    title character varying(120) NOT NULL,
    title_de character varying(120),
    title_en character varying(120),
    amount numeric(14,2) NOT NULL,
    place_id bigint,
    process_id bigint NOT NULL,
    CONSTRAINT budgets_envelope_amount_positive CHECK ((amount > (0)::numeric))
);

ALTER TABLE public.budgets_envelope ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.budgets_envelope_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.budgets_share (
    id bigint NOT NULL,
    population integer NOT NULL,
    deprivation smallint NOT NULL,
    deficit smallint NOT NULL,
    priority smallint NOT NULL,
    base numeric(14,2) NOT NULL,
    solidarity numeric(14,2) NOT NULL,
    weighted numeric(14,2) NOT NULL,
    amount numeric(14,2) NOT NULL,
    rank smallint NOT NULL,
    points integer,
    division_id bigint NOT NULL,
    place_id bigint NOT NULL,
    CONSTRAINT budgets_share_adds_up CHECK (((amount = ((base + solidarity) + weighted)) AND (solidarity >= (0)::numeric) AND (weighted >= (0)::numeric))),
    CONSTRAINT budgets_share_deficit_check CHECK ((deficit >= 0)),
    CONSTRAINT budgets_share_deprivation_check CHECK ((deprivation >= 0)),
    CONSTRAINT budgets_share_measures CHECK (((deficit <= 100) AND (deprivation <= 100) AND (population >= 1) AND (priority <= 4))),
    CONSTRAINT budgets_share_points_check CHECK ((points >= 0)),
    CONSTRAINT budgets_share_population_check CHECK ((population >= 0)),
    CONSTRAINT budgets_share_priority_check CHECK ((priority >= 0)),
    CONSTRAINT budgets_share_rank_check CHECK ((rank >= 0))
);

ALTER TABLE public.budgets_share ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.budgets_share_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_approval (
    id bigint NOT NULL,
    what character varying(20) NOT NULL,
    subject_label character varying(60) NOT NULL,
    subject_key character varying(40) NOT NULL,
    reason character varying(300) NOT NULL,
    language character varying(5) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    approved_at timestamp with time zone,
    declined_at timestamp with time zone,
    about_id bigint,
    approved_by_id bigint,
    asked_by_id bigint,
    declined_by_id bigint,
    process_id bigint,
    CONSTRAINT cocreation_approval_by_another CHECK (((approved_by_id IS NULL) OR (asked_by_id IS NULL) OR (NOT ((approved_by_id = asked_by_id) AND (approved_by_id IS NOT NULL) AND (asked_by_id IS NOT NULL))))),
    CONSTRAINT cocreation_approval_has_a_moment CHECK (((approved_by_id IS NULL) OR (approved_at IS NOT NULL))),
    CONSTRAINT cocreation_approval_has_a_reason CHECK ((NOT ((reason)::text = ''::text))),
    CONSTRAINT cocreation_approval_yes_or_no CHECK (((approved_at IS NULL) OR (declined_at IS NULL)))
);

ALTER TABLE public.cocreation_approval ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_approval_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_attachment (
    id bigint NOT NULL,
    key character varying(22) NOT NULL,
    draft character varying(40) NOT NULL,
    kind character varying(8) NOT NULL,
    type character varying(8) NOT NULL,
    name character varying(100) NOT NULL,
    alt character varying(250) NOT NULL,
    caption character varying(200) NOT NULL,
    "order" smallint NOT NULL,
    size integer NOT NULL,
    width integer,
    height integer,
    sha256 character varying(64) NOT NULL,
    stored character varying(60) NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    contribution_id bigint,
    uploaded_by_id bigint,
    CONSTRAINT cocreation_attachment_belongs_or_waits CHECK ((((contribution_id IS NOT NULL) AND ((draft)::text = ''::text) AND (expires_at IS NULL)) OR ((contribution_id IS NULL) AND (expires_at IS NOT NULL) AND (NOT ((draft)::text = ''::text))))),
    CONSTRAINT cocreation_attachment_height_check CHECK ((height >= 0)),
    CONSTRAINT cocreation_attachment_order_check CHECK (("order" >= 0)),
    CONSTRAINT cocreation_attachment_pictures_are_described CHECK ((((kind)::text = 'document'::text) OR (contribution_id IS NULL) OR (NOT ((alt)::text = ''::text)))),
    CONSTRAINT cocreation_attachment_pictures_have_a_size CHECK ((((kind)::text = 'document'::text) OR ((height IS NOT NULL) AND (width IS NOT NULL)))),
    CONSTRAINT cocreation_attachment_size_check CHECK ((size >= 0)),
    CONSTRAINT cocreation_attachment_width_check CHECK ((width >= 0))
);

ALTER TABLE public.cocreation_attachment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_changerecord (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    reason_de text,
    reason_en text,
    changes jsonb NOT NULL,
    by_id bigint,
    process_id bigint NOT NULL,
    CONSTRAINT cocreation_changerecord_has_reason CHECK (((reason_de > ''::text) AND (reason_de IS NOT NULL) AND (reason_en > ''::text) AND (reason_en IS NOT NULL)))
);

ALTER TABLE public.cocreation_changerecord ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_changerecord_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_checksource (
    id bigint NOT NULL,
    adapter character varying(20) NOT NULL,
    options jsonb NOT NULL,
    active boolean NOT NULL,
    process_id bigint NOT NULL
);

ALTER TABLE public.cocreation_checksource ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_checksource_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_configchange (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    what character varying(24) NOT NULL,
    part character varying(40) NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    by_id bigint,
    process_id bigint NOT NULL,
    undoes_id bigint
);

ALTER TABLE public.cocreation_configchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_configchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_contribution (
    id bigint NOT NULL,
    receipt character varying(16) DEFAULT public.cocreation_next_receipt() NOT NULL,
    kind character varying(20) NOT NULL,
    channel character varying(8) NOT NULL,
    language character varying(5) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    hidden_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    erased_at timestamp with time zone,
    is_public boolean NOT NULL,
    author_id bigint,
    organisation_id bigint,
    phase_id bigint,
    process_id bigint NOT NULL,
    set_aside_at timestamp with time zone,
    held_at timestamp with time zone,
    CONSTRAINT cocreation_contribution_public_is_true CHECK ((((erased_at IS NULL) AND (held_at IS NULL) AND (hidden_at IS NULL) AND is_public AND (published_at IS NOT NULL) AND (set_aside_at IS NULL) AND (withdrawn_at IS NULL)) OR ((NOT is_public) AND ((published_at IS NULL) OR (hidden_at IS NOT NULL) OR (held_at IS NOT NULL) OR (withdrawn_at IS NOT NULL) OR (erased_at IS NOT NULL) OR (set_aside_at IS NOT NULL)))))
);

ALTER TABLE public.cocreation_contribution ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_contribution_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_dryrun (
    process_id bigint NOT NULL,
    played character varying(40)[] NOT NULL,
    ended character varying(40)[] NOT NULL,
    notes jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by_id bigint
);

CREATE TABLE public.cocreation_dryrun_people (
    id bigint NOT NULL,
    dryrun_id bigint NOT NULL,
    person_id bigint NOT NULL
);

ALTER TABLE public.cocreation_dryrun_people ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_dryrun_people_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_eligibility (
    id bigint NOT NULL,
    key bytea NOT NULL,
    residence character varying(60) NOT NULL,
    age_band character varying(6) NOT NULL,
    source character varying(10) NOT NULL,
    invited boolean NOT NULL,
    claimed_at timestamp with time zone,
    claimed_by_way_of character varying(10) NOT NULL,
    revoked_at timestamp with time zone,
    person_id bigint,
    process_id bigint NOT NULL,
    lookup bytea,
    lookup_name bytea,
    seen_in_id bigint,
    CONSTRAINT cocreation_eligibility_age_band_known CHECK (((age_band)::text = ANY (ARRAY[(''::character varying)::text, ('0-13'::character varying)::text, ('14-15'::character varying)::text, ('16-17'::character varying)::text, ('18-21'::character varying)::text, ('22-26'::character varying)::text, ('27-64'::character varying)::text, ('65-'::character varying)::text]))),
    CONSTRAINT cocreation_eligibility_key_length CHECK ((octet_length(key) = 32)),
    CONSTRAINT cocreation_eligibility_person_claimed CHECK (((person_id IS NULL) OR (claimed_at IS NOT NULL)))
);

ALTER TABLE public.cocreation_eligibility ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_eligibility_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_follow (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    contribution_id bigint,
    person_id bigint NOT NULL,
    process_id bigint,
    place_id bigint,
    theme character varying(20),
    CONSTRAINT cocreation_follow_one_thing CHECK ((((contribution_id IS NULL) AND (place_id IS NULL) AND (process_id IS NOT NULL) AND (theme IS NULL)) OR ((contribution_id IS NOT NULL) AND (place_id IS NULL) AND (process_id IS NULL) AND (theme IS NULL)) OR ((contribution_id IS NULL) AND (place_id IS NOT NULL) AND (process_id IS NULL) AND (theme IS NULL)) OR ((contribution_id IS NULL) AND (place_id IS NULL) AND (process_id IS NULL) AND (theme IS NOT NULL))))
);

ALTER TABLE public.cocreation_follow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_follow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_gateanswer (
    id bigint NOT NULL,
    item smallint NOT NULL,
    text text NOT NULL,
    text_de text,
    text_en text,
    checked_by character varying(120) NOT NULL,
    checked_on date,
    waived_at timestamp with time zone,
    reason text NOT NULL,
    reason_de text,
    reason_en text,
    suggested boolean NOT NULL,
    process_id bigint NOT NULL,
    waived_by_id bigint,
    CONSTRAINT cocreation_gateanswer_item_check CHECK ((item >= 0)),
    CONSTRAINT cocreation_gateanswer_item_exists CHECK (((item >= 1) AND (item <= 20))),
    CONSTRAINT cocreation_gateanswer_waiver_has_reason CHECK (((waived_at IS NULL) OR ((reason_de > ''::text) AND (reason_de IS NOT NULL) AND (reason_en > ''::text) AND (reason_en IS NOT NULL))))
);

ALTER TABLE public.cocreation_gateanswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_gateanswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_group (
    id bigint NOT NULL,
    slug character varying(60) NOT NULL,
    name character varying(80) NOT NULL,
    name_de character varying(80),
    name_en character varying(80),
    process_id bigint
);

ALTER TABLE public.cocreation_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_groupinvitation (
    id bigint NOT NULL,
    code character varying(40) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    created_by_id bigint,
    group_id bigint NOT NULL
);

ALTER TABLE public.cocreation_groupinvitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_groupinvitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_groupmembership (
    id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    added_by_id bigint,
    group_id bigint NOT NULL,
    person_id bigint NOT NULL
);

ALTER TABLE public.cocreation_groupmembership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_groupmembership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_hiding (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    rule character varying(120) NOT NULL,
    reason character varying(500) NOT NULL,
    lifted_at timestamp with time zone,
    by_id bigint,
    contribution_id bigint NOT NULL,
    lifted_by_id bigint
);

ALTER TABLE public.cocreation_hiding ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_hiding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_identifiedvisit (
    token character varying(40) NOT NULL,
    by_way_of character varying(10) NOT NULL,
    next_url character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone,
    entry_id bigint NOT NULL,
    process_id bigint NOT NULL,
    code_id bigint
);

CREATE TABLE public.cocreation_incomingpackage (
    token character varying(40) NOT NULL,
    file character varying(120) NOT NULL,
    body jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    by_id bigint NOT NULL
);

CREATE TABLE public.cocreation_letterbatch (
    id bigint NOT NULL,
    token character varying(40) NOT NULL,
    state character varying(10) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    size bigint NOT NULL,
    layout jsonb NOT NULL,
    columns jsonb NOT NULL,
    bytes_done bigint NOT NULL,
    rows integer NOT NULL,
    bad integer NOT NULL,
    duplicates integer NOT NULL,
    problems jsonb NOT NULL,
    failure character varying(40) NOT NULL,
    attempt smallint NOT NULL,
    beat_at timestamp with time zone,
    finished_at timestamp with time zone,
    kind character varying(8) NOT NULL,
    wanted integer NOT NULL,
    place character varying(60) NOT NULL,
    age_band character varying(6) NOT NULL,
    language character varying(5) NOT NULL,
    made integer NOT NULL,
    file character varying(60) NOT NULL,
    fetched_at timestamp with time zone,
    revoked_at timestamp with time zone,
    made_by_id bigint,
    process_id bigint NOT NULL,
    CONSTRAINT cocreation_letterbatch_attempt_check CHECK ((attempt >= 0)),
    CONSTRAINT cocreation_letterbatch_bad_check CHECK ((bad >= 0)),
    CONSTRAINT cocreation_letterbatch_bytes_done_check CHECK ((bytes_done >= 0)),
    CONSTRAINT cocreation_letterbatch_duplicates_check CHECK ((duplicates >= 0)),
    CONSTRAINT cocreation_letterbatch_made_check CHECK ((made >= 0)),
    CONSTRAINT cocreation_letterbatch_rows_check CHECK ((rows >= 0)),
    CONSTRAINT cocreation_letterbatch_size_check CHECK ((size >= 0)),
    CONSTRAINT cocreation_letterbatch_wanted_check CHECK ((wanted >= 0))
);

ALTER TABLE public.cocreation_letterbatch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_letterbatch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_lettercode (
    id bigint NOT NULL,
    serial integer NOT NULL,
    key bytea NOT NULL,
    redeemed_at timestamp with time zone,
    revoked_at timestamp with time zone,
    batch_id bigint NOT NULL,
    entry_id bigint NOT NULL,
    CONSTRAINT cocreation_lettercode_serial_check CHECK ((serial >= 0))
);

ALTER TABLE public.cocreation_lettercode ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_lettercode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_office (
    id bigint NOT NULL,
    slug character varying(60) NOT NULL,
    name character varying(120) NOT NULL,
    name_de character varying(120),
    name_en character varying(120),
    short character varying(3) NOT NULL,
    email character varying(254) NOT NULL
);

ALTER TABLE public.cocreation_office ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_office_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_pendingact (
    token character varying(40) NOT NULL,
    act character varying(40) NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    result_url character varying(300) NOT NULL,
    completed_by_id bigint,
    process_id bigint,
    refusal character varying(500) NOT NULL,
    given_up_at timestamp with time zone,
    next_step character varying(120) NOT NULL,
    next_url character varying(300) NOT NULL,
    person_id bigint
);

CREATE TABLE public.cocreation_phase (
    id bigint NOT NULL,
    key character varying(40) NOT NULL,
    method character varying(40) NOT NULL,
    lane smallint NOT NULL,
    "order" smallint NOT NULL,
    name character varying(80) NOT NULL,
    name_de character varying(80),
    name_en character varying(80),
    text character varying(200) NOT NULL,
    text_de character varying(200),
    text_en character varying(200),
    starts timestamp with time zone,
    ends timestamp with time zone,
    acts character varying(40)[] NOT NULL,
    audience jsonb NOT NULL,
    options jsonb NOT NULL,
    process_id bigint NOT NULL,
    changed_at timestamp with time zone,
    changed_by_id bigint,
    version integer DEFAULT 0 NOT NULL,
    CONSTRAINT cocreation_phase_lane_check CHECK ((lane >= 0)),
    CONSTRAINT cocreation_phase_order_check CHECK (("order" >= 0)),
    CONSTRAINT cocreation_phase_starts_before_ends CHECK (((starts IS NULL) OR (ends IS NULL) OR (starts < ends))),
    CONSTRAINT cocreation_phase_version_check CHECK ((version >= 0))
);

ALTER TABLE public.cocreation_phase ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_phase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_place (
    id bigint NOT NULL,
    slug character varying(60) NOT NULL,
    name character varying(80) NOT NULL,
    name_de character varying(80),
    name_en character varying(80),
    kind character varying(14) NOT NULL,
    "character" character varying(6) NOT NULL,
    population integer NOT NULL,
    map_x double precision,
    map_y double precision,
    boundary jsonb,
    parent_id bigint,
    CONSTRAINT cocreation_place_kind_known CHECK (((kind)::text = ANY (ARRAY[('region'::character varying)::text, ('municipality'::character varying)::text, ('district'::character varying)::text, ('village'::character varying)::text]))),
    CONSTRAINT cocreation_place_population_check CHECK ((population >= 0))
);

ALTER TABLE public.cocreation_place ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_place_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_previewlink (
    id bigint NOT NULL,
    token character varying(40) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    created_by_id bigint,
    process_id bigint NOT NULL
);

ALTER TABLE public.cocreation_previewlink ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_previewlink_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_privacyassessment (
    process_id bigint NOT NULL,
    special boolean NOT NULL,
    large boolean NOT NULL,
    technology boolean NOT NULL,
    risks text NOT NULL,
    measures text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    signed_at timestamp with time zone,
    signed_by_id bigint,
    written_by_id bigint,
    CONSTRAINT cocreation_privacyassessment_four_eyes CHECK (((signed_by_id IS NULL) OR (written_by_id IS NULL) OR (NOT ((signed_by_id = written_by_id) AND (signed_by_id IS NOT NULL) AND (written_by_id IS NOT NULL))))),
    CONSTRAINT cocreation_privacyassessment_signed_is_written CHECK (((signed_at IS NULL) OR ((NOT (risks = ''::text)) AND (NOT (measures = ''::text)))))
);

CREATE TABLE public.cocreation_process (
    id bigint NOT NULL,
    slug character varying(80) NOT NULL,
    title character varying(80) NOT NULL,
    title_de character varying(80),
    title_en character varying(80),
    question character varying(160) NOT NULL,
    question_de character varying(160),
    question_en character varying(160),
    lead text NOT NULL,
    lead_de text,
    lead_en text,
    what_open text NOT NULL,
    what_open_de text,
    what_open_en text,
    what_fixed text NOT NULL,
    what_fixed_de text,
    what_fixed_en text,
    how_decided text NOT NULL,
    how_decided_de text,
    how_decided_en text,
    decides character varying(120) NOT NULL,
    decides_de character varying(120),
    decides_en character varying(120),
    offline text NOT NULL,
    offline_de text,
    offline_en text,
    promise character varying(12) NOT NULL,
    answer_by timestamp with time zone,
    minutes smallint NOT NULL,
    hue character varying(8) NOT NULL,
    pattern character varying(8) NOT NULL,
    recipe character varying(40) NOT NULL,
    source character varying(200) NOT NULL,
    content_hash character varying(64),
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    created_by_id bigint,
    office_id bigint NOT NULL,
    identity character varying(8) NOT NULL,
    attribution jsonb NOT NULL,
    dry_run_of_id bigint,
    archived_at timestamp with time zone,
    publish_at timestamp with time zone,
    stop_reason text NOT NULL,
    stop_reason_de text,
    stop_reason_en text,
    stopped_at timestamp with time zone,
    changed_at timestamp with time zone,
    changed_by_id bigint,
    version integer DEFAULT 0 NOT NULL,
    CONSTRAINT cocreation_process_dry_run_is_apart CHECK ((((dry_run_of_id IS NULL) AND (id > 0)) OR ((dry_run_of_id IS NOT NULL) AND (id < 0) AND (published_at IS NULL)))),
    CONSTRAINT cocreation_process_minutes_check CHECK ((minutes >= 0)),
    CONSTRAINT cocreation_process_planned_or_published CHECK (((publish_at IS NULL) OR (published_at IS NULL))),
    CONSTRAINT cocreation_process_stopped_with_reason CHECK (((stopped_at IS NULL) OR ((stop_reason_de > ''::text) AND (stop_reason_de IS NOT NULL) AND (stop_reason_en > ''::text) AND (stop_reason_en IS NOT NULL)))),
    CONSTRAINT cocreation_process_version_check CHECK ((version >= 0))
);

CREATE TABLE public.cocreation_process_contacts (
    id bigint NOT NULL,
    process_id bigint NOT NULL,
    person_id bigint NOT NULL
);

ALTER TABLE public.cocreation_process_contacts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_process_contacts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE public.cocreation_process ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_process_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_process_places (
    id bigint NOT NULL,
    process_id bigint NOT NULL,
    place_id bigint NOT NULL
);

ALTER TABLE public.cocreation_process_places ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_process_places_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE public.cocreation_receipt
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.cocreation_registerimport (
    id bigint NOT NULL,
    token character varying(40) NOT NULL,
    state character varying(10) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    size bigint NOT NULL,
    layout jsonb NOT NULL,
    columns jsonb NOT NULL,
    bytes_done bigint NOT NULL,
    rows integer NOT NULL,
    bad integer NOT NULL,
    duplicates integer NOT NULL,
    problems jsonb NOT NULL,
    failure character varying(40) NOT NULL,
    attempt smallint NOT NULL,
    beat_at timestamp with time zone,
    finished_at timestamp with time zone,
    added integer NOT NULL,
    changed integer NOT NULL,
    unchanged integer NOT NULL,
    restored integer NOT NULL,
    missing integer NOT NULL,
    missing_claimed integer NOT NULL,
    revoked integer NOT NULL,
    made_by_id bigint,
    process_id bigint NOT NULL,
    CONSTRAINT cocreation_registerimport_added_check CHECK ((added >= 0)),
    CONSTRAINT cocreation_registerimport_attempt_check CHECK ((attempt >= 0)),
    CONSTRAINT cocreation_registerimport_bad_check CHECK ((bad >= 0)),
    CONSTRAINT cocreation_registerimport_bytes_done_check CHECK ((bytes_done >= 0)),
    CONSTRAINT cocreation_registerimport_changed_check CHECK ((changed >= 0)),
    CONSTRAINT cocreation_registerimport_duplicates_check CHECK ((duplicates >= 0)),
    CONSTRAINT cocreation_registerimport_missing_check CHECK ((missing >= 0)),
    CONSTRAINT cocreation_registerimport_missing_claimed_check CHECK ((missing_claimed >= 0)),
    CONSTRAINT cocreation_registerimport_restored_check CHECK ((restored >= 0)),
    CONSTRAINT cocreation_registerimport_revoked_check CHECK ((revoked >= 0)),
    CONSTRAINT cocreation_registerimport_rows_check CHECK ((rows >= 0)),
    CONSTRAINT cocreation_registerimport_size_check CHECK ((size >= 0)),
    CONSTRAINT cocreation_registerimport_unchanged_check CHECK ((unchanged >= 0))
);

ALTER TABLE public.cocreation_registerimport ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_registerimport_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_removedphase (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    stored jsonb NOT NULL,
    removed_at timestamp with time zone NOT NULL,
    process_id bigint NOT NULL,
    removed_by_id bigint
);

ALTER TABLE public.cocreation_removedphase ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_removedphase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_rolegrant (
    id bigint NOT NULL,
    role character varying(12) NOT NULL,
    head boolean NOT NULL,
    starts timestamp with time zone NOT NULL,
    ends timestamp with time zone,
    office_id bigint,
    person_id bigint NOT NULL,
    process_id bigint,
    ended_at timestamp with time zone,
    ended_by_id bigint,
    granted_by_id bigint,
    place_id bigint,
    CONSTRAINT cocreation_rolegrant_ended_after_starts CHECK (((ended_at IS NULL) OR (ended_at >= starts))),
    CONSTRAINT cocreation_rolegrant_official_has_office CHECK (((NOT ((role)::text = ANY (ARRAY[('official'::character varying)::text, ('owner'::character varying)::text]))) OR ((office_id IS NOT NULL) AND (place_id IS NULL) AND (process_id IS NULL)))),
    CONSTRAINT cocreation_rolegrant_one_scope CHECK ((((office_id IS NULL) AND (place_id IS NULL)) OR ((office_id IS NULL) AND (process_id IS NULL)) OR ((place_id IS NULL) AND (process_id IS NULL)))),
    CONSTRAINT cocreation_rolegrant_role_known CHECK (((role)::text = ANY (ARRAY[('admin'::character varying)::text, ('owner'::character varying)::text, ('facilitator'::character varying)::text, ('moderator'::character varying)::text, ('official'::character varying)::text, ('clerk'::character varying)::text, ('observer'::character varying)::text]))),
    CONSTRAINT cocreation_rolegrant_starts_before_ends CHECK (((ends IS NULL) OR (starts < ends))),
    CONSTRAINT cocreation_rolegrant_whole_city CHECK (((NOT ((role)::text = ANY (ARRAY[('admin'::character varying)::text, ('clerk'::character varying)::text]))) OR ((office_id IS NULL) AND (place_id IS NULL) AND (process_id IS NULL))))
);

ALTER TABLE public.cocreation_rolegrant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_rolegrant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_savedrecipe (
    id bigint NOT NULL,
    slug character varying(36) NOT NULL,
    name character varying(80) NOT NULL,
    name_de character varying(80),
    name_en character varying(80),
    about character varying(200) NOT NULL,
    about_de character varying(200),
    about_en character varying(200),
    body jsonb NOT NULL,
    picture character varying(20) NOT NULL,
    attribution jsonb NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    from_process_id bigint,
    removed_by_id bigint,
    saved_by_id bigint
);

ALTER TABLE public.cocreation_savedrecipe ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_savedrecipe_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_training (
    id bigint NOT NULL,
    topics character varying(14)[] NOT NULL,
    completed_on date NOT NULL,
    note character varying(200) NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    person_id bigint NOT NULL,
    recorded_by_id bigint,
    withdrawn_by_id bigint,
    CONSTRAINT cocreation_training_recorded_by_another CHECK (((recorded_by_id IS NULL) OR (NOT ((recorded_by_id = person_id) AND (recorded_by_id IS NOT NULL))))),
    CONSTRAINT cocreation_training_topics_known CHECK (((topics <@ ARRAY['ethics'::character varying(14), 'inclusion'::character varying(14), 'privacy'::character varying(14), 'deliberation'::character varying(14), 'conflicts'::character varying(14), 'moderation'::character varying(14)]) AND (
CASE
    WHEN (topics IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(topics, 1), 0)
END >= 1)))
);

ALTER TABLE public.cocreation_training ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cocreation_training_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cocreation_withdrawal (
    contribution_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    reason character varying(300) NOT NULL,
    by_id bigint
);

CREATE TABLE public.conversation_comment (
    contribution_id bigint NOT NULL,
    is_public boolean NOT NULL,
    receipt character varying(16) NOT NULL,
    on_is_public boolean,
    stance character varying(8) NOT NULL,
    paragraph smallint,
    text text NOT NULL,
    helpful integer NOT NULL,
    edited_at timestamp with time zone,
    pinned_at timestamp with time zone,
    office_id bigint,
    on_id bigint,
    parent_id bigint,
    phase_id bigint,
    process_id bigint NOT NULL,
    CONSTRAINT conversation_comment_helpful_check CHECK ((helpful >= 0)),
    CONSTRAINT conversation_comment_one_thing CHECK ((((on_id IS NOT NULL) AND (on_is_public IS NOT NULL) AND (phase_id IS NULL)) OR ((on_id IS NULL) AND (on_is_public IS NULL) AND (phase_id IS NOT NULL)))),
    CONSTRAINT conversation_comment_only_the_city_pins CHECK (((pinned_at IS NULL) OR (office_id IS NOT NULL))),
    CONSTRAINT conversation_comment_paragraph_check CHECK ((paragraph >= 0)),
    CONSTRAINT conversation_comment_paragraph_of_text CHECK (((paragraph IS NULL) OR ((paragraph >= 1) AND (phase_id IS NOT NULL)))),
    CONSTRAINT conversation_comment_reply_is_plain CHECK (((parent_id IS NULL) OR ((paragraph IS NULL) AND ((stance)::text = ''::text)))),
    CONSTRAINT conversation_comment_stance_known CHECK (((stance)::text = ANY (ARRAY[(''::character varying)::text, ('for'::character varying)::text, ('against'::character varying)::text, ('question'::character varying)::text])))
);

CREATE TABLE public.conversation_commentrevision (
    id bigint NOT NULL,
    number smallint NOT NULL,
    text text NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    comment_id bigint NOT NULL,
    CONSTRAINT conversation_commentrevision_number_check CHECK ((number >= 0))
);

ALTER TABLE public.conversation_commentrevision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversation_commentrevision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.conversation_helpful (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    comment_id bigint NOT NULL,
    person_id bigint NOT NULL
);

ALTER TABLE public.conversation_helpful ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversation_helpful_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.conversation_summary (
    id bigint NOT NULL,
    text text NOT NULL,
    text_de text,
    text_en text,
    closes boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    office_id bigint,
    on_id bigint,
    phase_id bigint,
    process_id bigint NOT NULL,
    CONSTRAINT conversation_summary_one_thing CHECK ((((on_id IS NOT NULL) AND (phase_id IS NULL)) OR ((on_id IS NULL) AND (phase_id IS NOT NULL))))
);

ALTER TABLE public.conversation_summary ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversation_summary_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.council_consultation (
    id bigint NOT NULL,
    meeting character varying(500) NOT NULL,
    role character varying(200) NOT NULL,
    paper_id bigint NOT NULL
);

ALTER TABLE public.council_consultation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.council_consultation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.council_incouncil (
    id bigint NOT NULL,
    contribution_id bigint NOT NULL,
    paper_id bigint NOT NULL
);

ALTER TABLE public.council_incouncil ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.council_incouncil_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.council_meeting (
    id bigint NOT NULL,
    oparl character varying(500) NOT NULL,
    web character varying(500) NOT NULL,
    name character varying(500) NOT NULL,
    deleted boolean NOT NULL,
    starts timestamp with time zone,
    cancelled boolean NOT NULL,
    source_id bigint NOT NULL
);

ALTER TABLE public.council_meeting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.council_meeting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.council_paper (
    id bigint NOT NULL,
    oparl character varying(500) NOT NULL,
    web character varying(500) NOT NULL,
    name character varying(500) NOT NULL,
    deleted boolean NOT NULL,
    reference character varying(120) NOT NULL,
    day date,
    addresses character varying(500)[] NOT NULL,
    receipts character varying(16)[] NOT NULL,
    source_id bigint NOT NULL
);

ALTER TABLE public.council_paper ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.council_paper_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.council_source (
    id bigint NOT NULL,
    url character varying(300) NOT NULL,
    name character varying(200) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    asked_at timestamp with time zone,
    since timestamp with time zone,
    problem character varying(20) NOT NULL,
    made_by_id bigint
);

ALTER TABLE public.council_source ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.council_source_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cowriting_draftupdate (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    data bytea NOT NULL,
    by_id bigint,
    draft_id bigint NOT NULL
);

ALTER TABLE public.cowriting_draftupdate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cowriting_draftupdate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cowriting_shareddraft (
    id bigint NOT NULL,
    key character varying(24) NOT NULL,
    base integer NOT NULL,
    origin bytea NOT NULL,
    snapshot bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    published_as integer,
    discarded_at timestamp with time zone,
    created_by_id bigint,
    discarded_by_id bigint,
    proposal_id bigint NOT NULL,
    CONSTRAINT cowriting_draft_one_end CHECK (((published_at IS NULL) OR (discarded_at IS NULL))),
    CONSTRAINT cowriting_draft_published_as_a_version CHECK ((((published_as IS NULL) AND (published_at IS NULL)) OR ((published_as IS NOT NULL) AND (published_at IS NOT NULL)))),
    CONSTRAINT cowriting_shareddraft_base_check CHECK ((base >= 0)),
    CONSTRAINT cowriting_shareddraft_published_as_check CHECK ((published_as >= 0))
);

ALTER TABLE public.cowriting_shareddraft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cowriting_shareddraft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.defects_defect (
    contribution_id bigint NOT NULL,
    is_public boolean NOT NULL,
    receipt character varying(16) NOT NULL,
    text text NOT NULL,
    address character varying(160) NOT NULL,
    map_x double precision,
    map_y double precision,
    due timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    updated_at timestamp with time zone NOT NULL,
    place_id bigint NOT NULL,
    process_id bigint NOT NULL,
    service_id bigint NOT NULL,
    CONSTRAINT defects_defect_closed_is_an_update CHECK (((closed_at IS NULL) OR (closed_at <= updated_at))),
    CONSTRAINT defects_defect_is_somewhere CHECK (((NOT ((address)::text = ''::text)) OR (map_x IS NOT NULL))),
    CONSTRAINT defects_defect_point_on_map CHECK ((((map_x IS NULL) AND (map_y IS NULL)) OR ((map_x >= (0.0)::double precision) AND (map_x <= (600.0)::double precision) AND (map_y >= (0.0)::double precision) AND (map_y <= (440.0)::double precision))))
);

CREATE TABLE public.defects_service (
    id bigint NOT NULL,
    code character varying(40) NOT NULL,
    name character varying(80) NOT NULL,
    name_de character varying(80),
    name_en character varying(80),
    text character varying(300) NOT NULL,
    text_de character varying(300),
    text_en character varying(300),
    "group" character varying(60) NOT NULL,
    group_de character varying(60),
    group_en character varying(60),
    days smallint NOT NULL,
    is_offered boolean NOT NULL,
    office_id bigint NOT NULL,
    CONSTRAINT defects_service_days CHECK (((days >= 1) AND (days <= 365))),
    CONSTRAINT defects_service_days_check CHECK ((days >= 0)),
    CONSTRAINT defects_service_named_in_both CHECK (((name_de IS NOT NULL) AND (name_en IS NOT NULL) AND (NOT (((name_de)::text = ''::text) AND (name_de IS NOT NULL))) AND (NOT (((name_en)::text = ''::text) AND (name_en IS NOT NULL)))))
);

ALTER TABLE public.defects_service ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.defects_service_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);

CREATE TABLE public.feedback_answerdraft (
    id bigint NOT NULL,
    targets bigint[] NOT NULL,
    scope character varying(200) NOT NULL,
    content jsonb NOT NULL,
    version integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submitted_at timestamp with time zone,
    returned_note character varying(500) NOT NULL,
    published_at timestamp with time zone,
    changed_by_id bigint,
    contribution_id bigint,
    office_id bigint NOT NULL,
    process_id bigint NOT NULL,
    submitted_by_id bigint,
    CONSTRAINT feedback_answerdraft_version_check CHECK ((version >= 0))
);

ALTER TABLE public.feedback_answerdraft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_answerdraft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_commitment (
    id bigint NOT NULL,
    title character varying(140) NOT NULL,
    title_de character varying(140),
    title_en character varying(140),
    text text NOT NULL,
    text_de text,
    text_en text,
    budget numeric(14,2),
    spent numeric(14,2) NOT NULL,
    due date NOT NULL,
    first_due date NOT NULL,
    promised_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    delivered_at timestamp with time zone,
    evaluate_by date,
    evaluated_at timestamp with time zone,
    moved_at timestamp with time zone NOT NULL,
    works_yes integer NOT NULL,
    works_partly integer NOT NULL,
    works_no integer NOT NULL,
    contribution_id bigint,
    office_id bigint NOT NULL,
    process_id bigint NOT NULL,
    given_up_at timestamp with time zone,
    opinions_count integer NOT NULL,
    CONSTRAINT feedback_commitment_delivered_is_asked_about CHECK ((((delivered_at IS NULL) AND (evaluate_by IS NULL)) OR ((delivered_at IS NOT NULL) AND (evaluate_by IS NOT NULL)))),
    CONSTRAINT feedback_commitment_delivered_or_given_up CHECK (((given_up_at IS NULL) OR (delivered_at IS NULL))),
    CONSTRAINT feedback_commitment_delivered_was_started CHECK (((delivered_at IS NULL) OR (started_at IS NOT NULL))),
    CONSTRAINT feedback_commitment_due_not_before_first CHECK ((due >= first_due)),
    CONSTRAINT feedback_commitment_evaluated_was_delivered CHECK (((evaluated_at IS NULL) OR (delivered_at IS NOT NULL))),
    CONSTRAINT feedback_commitment_money_not_negative CHECK ((((budget IS NULL) OR (budget >= (0)::numeric)) AND (spent >= (0)::numeric))),
    CONSTRAINT feedback_commitment_opinions_count_check CHECK ((opinions_count >= 0)),
    CONSTRAINT feedback_commitment_works_no_check CHECK ((works_no >= 0)),
    CONSTRAINT feedback_commitment_works_partly_check CHECK ((works_partly >= 0)),
    CONSTRAINT feedback_commitment_works_yes_check CHECK ((works_yes >= 0))
);

ALTER TABLE public.feedback_commitment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_commitment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_delay (
    id bigint NOT NULL,
    old_due date NOT NULL,
    new_due date NOT NULL,
    reason text NOT NULL,
    reason_de text,
    reason_en text,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    commitment_id bigint NOT NULL,
    CONSTRAINT feedback_delay_has_reason CHECK (((reason_de IS NOT NULL) AND (NOT ((reason_de = ''::text) AND (reason_de IS NOT NULL))))),
    CONSTRAINT feedback_delay_is_later CHECK ((new_due > old_due))
);

ALTER TABLE public.feedback_delay ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_delay_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_ending (
    commitment_id bigint NOT NULL,
    reason text NOT NULL,
    reason_de text,
    reason_en text,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    CONSTRAINT feedback_ending_has_reason CHECK (((reason_de IS NOT NULL) AND (NOT ((reason_de = ''::text) AND (reason_de IS NOT NULL)))))
);

CREATE TABLE public.feedback_evaluationreport (
    process_id bigint NOT NULL,
    numbers jsonb NOT NULL,
    learned text NOT NULL,
    learned_de text,
    learned_en text,
    changes text NOT NULL,
    changes_de text,
    changes_en text,
    due date NOT NULL,
    published_at timestamp with time zone NOT NULL,
    by_id bigint,
    CONSTRAINT feedback_report_says_what_was_learned CHECK (((learned_de IS NOT NULL) AND (NOT ((learned_de = ''::text) AND (learned_de IS NOT NULL)))))
);

CREATE TABLE public.feedback_followup (
    id bigint NOT NULL,
    question character varying(600) NOT NULL,
    language character varying(5) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    reply text NOT NULL,
    reply_de text,
    reply_en text,
    replied_at timestamp with time zone,
    answer_id bigint NOT NULL,
    asked_by_id bigint,
    process_id bigint NOT NULL,
    replied_by_id bigint,
    CONSTRAINT feedback_followup_reply_after CHECK (((replied_at IS NULL) OR (replied_at >= asked_at))),
    CONSTRAINT feedback_followup_reply_whole CHECK (((replied_at IS NULL) OR ((replied_at IS NOT NULL) AND (reply_de IS NOT NULL) AND (NOT ((reply_de = ''::text) AND (reply_de IS NOT NULL))))))
);

ALTER TABLE public.feedback_followup ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_followup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_handover (
    id bigint NOT NULL,
    reason text NOT NULL,
    reason_de text,
    reason_en text,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    commitment_id bigint NOT NULL,
    new_office_id bigint NOT NULL,
    old_office_id bigint NOT NULL,
    CONSTRAINT feedback_handover_has_reason CHECK (((reason_de IS NOT NULL) AND (NOT ((reason_de = ''::text) AND (reason_de IS NOT NULL))))),
    CONSTRAINT feedback_handover_is_to_another CHECK ((NOT (old_office_id = new_office_id)))
);

ALTER TABLE public.feedback_handover ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_handover_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_helpful (
    id bigint NOT NULL,
    yes boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    answer_id bigint NOT NULL,
    person_id bigint NOT NULL
);

ALTER TABLE public.feedback_helpful ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_helpful_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_milestone (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    name_de character varying(80),
    name_en character varying(80),
    due date NOT NULL,
    done_at timestamp with time zone,
    "order" smallint NOT NULL,
    commitment_id bigint NOT NULL,
    CONSTRAINT feedback_milestone_order_check CHECK (("order" >= 0))
);

ALTER TABLE public.feedback_milestone ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_milestone_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_officialanswer (
    id bigint NOT NULL,
    status character varying(16) NOT NULL,
    reason text NOT NULL,
    reason_de text,
    reason_en text,
    link character varying(300) NOT NULL,
    next_date date,
    published_at timestamp with time zone NOT NULL,
    by_id bigint,
    contribution_id bigint NOT NULL,
    office_id bigint NOT NULL,
    process_id bigint NOT NULL,
    due timestamp with time zone,
    needs_reader boolean DEFAULT false NOT NULL,
    read_at timestamp with time zone,
    read_by_id bigint,
    reason_code character varying(12) NOT NULL,
    signed_as character varying(8) NOT NULL,
    draft_id bigint,
    CONSTRAINT feedback_officialanswer_has_reason CHECK (((reason_de IS NOT NULL) AND (NOT ((reason_de = ''::text) AND (reason_de IS NOT NULL))))),
    CONSTRAINT feedback_officialanswer_open_has_date CHECK (((NOT ((status)::text = ANY (ARRAY[('received'::character varying)::text, ('being_checked'::character varying)::text, ('under_study'::character varying)::text]))) OR (next_date IS NOT NULL))),
    CONSTRAINT feedback_officialanswer_read_where_needed CHECK (((NOT needs_reader) OR (read_at IS NOT NULL))),
    CONSTRAINT feedback_officialanswer_two_people CHECK (((by_id IS NULL) OR (read_by_id IS NULL) OR (NOT ((read_by_id = by_id) AND (read_by_id IS NOT NULL) AND (by_id IS NOT NULL)))))
);

ALTER TABLE public.feedback_officialanswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_officialanswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_opinion (
    id bigint NOT NULL,
    value character varying(6) NOT NULL,
    at timestamp with time zone NOT NULL,
    commitment_id bigint NOT NULL,
    person_id bigint NOT NULL,
    as_promised character varying(6) NOT NULL,
    used character varying(6) NOT NULL
);

ALTER TABLE public.feedback_opinion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_opinion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_plan (
    id bigint NOT NULL,
    title character varying(160) NOT NULL,
    title_de character varying(160),
    title_en character varying(160),
    link character varying(300) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    by_id bigint,
    office_id bigint NOT NULL,
    process_id bigint NOT NULL
);

ALTER TABLE public.feedback_plan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_plan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_planparagraph (
    id bigint NOT NULL,
    "order" smallint NOT NULL,
    text text NOT NULL,
    text_de text,
    text_en text,
    plan_id bigint NOT NULL,
    CONSTRAINT feedback_planparagraph_order_check CHECK (("order" >= 0))
);

ALTER TABLE public.feedback_planparagraph ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_planparagraph_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_plansource (
    id bigint NOT NULL,
    contribution_id bigint NOT NULL,
    paragraph_id bigint NOT NULL
);

ALTER TABLE public.feedback_plansource ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_plansource_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_pledge (
    id bigint NOT NULL,
    is_named boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    done_at timestamp with time zone,
    hours_done numeric(5,1),
    organisation_id bigint,
    person_id bigint,
    task_id bigint NOT NULL,
    CONSTRAINT feedback_pledge_done_has_hours CHECK ((((done_at IS NULL) AND (hours_done IS NULL)) OR ((done_at IS NOT NULL) AND (hours_done > (0)::numeric) AND (hours_done <= (200)::numeric))))
);

ALTER TABLE public.feedback_pledge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_pledge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_posteranswer (
    id bigint NOT NULL,
    day date NOT NULL,
    value character varying(6) NOT NULL,
    as_promised character varying(6) NOT NULL,
    used character varying(6) NOT NULL,
    commitment_id bigint NOT NULL
);

ALTER TABLE public.feedback_posteranswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_posteranswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_release (
    id bigint NOT NULL,
    source character varying(6) NOT NULL,
    at timestamp with time zone NOT NULL,
    answers integer NOT NULL,
    yes integer NOT NULL,
    partly integer NOT NULL,
    no integer NOT NULL,
    promised_yes integer,
    promised_partly integer,
    promised_no integer,
    used_often integer,
    used_seldom integer,
    used_never integer,
    commitment_id bigint NOT NULL,
    CONSTRAINT feedback_release_answers_check CHECK ((answers >= 0)),
    CONSTRAINT feedback_release_no_check CHECK ((no >= 0)),
    CONSTRAINT feedback_release_of_enough CHECK (((answers = ((yes + partly) + no)) AND (answers >= 5))),
    CONSTRAINT feedback_release_partly_check CHECK ((partly >= 0)),
    CONSTRAINT feedback_release_promised_no_check CHECK ((promised_no >= 0)),
    CONSTRAINT feedback_release_promised_partly_check CHECK ((promised_partly >= 0)),
    CONSTRAINT feedback_release_promised_yes_check CHECK ((promised_yes >= 0)),
    CONSTRAINT feedback_release_used_never_check CHECK ((used_never >= 0)),
    CONSTRAINT feedback_release_used_often_check CHECK ((used_often >= 0)),
    CONSTRAINT feedback_release_used_seldom_check CHECK ((used_seldom >= 0)),
    CONSTRAINT feedback_release_yes_check CHECK ((yes >= 0))
);

ALTER TABLE public.feedback_release ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_release_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_reopening (
    commitment_id bigint NOT NULL,
    answers integer NOT NULL,
    works integer NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    contribution_id bigint NOT NULL,
    CONSTRAINT feedback_reopening_after_answers CHECK (((answers >= 5) AND (works <= answers))),
    CONSTRAINT feedback_reopening_answers_check CHECK ((answers >= 0)),
    CONSTRAINT feedback_reopening_works_check CHECK ((works >= 0))
);

CREATE TABLE public.feedback_replyclock (
    contribution_id bigint NOT NULL,
    threshold integer NOT NULL,
    reached_at timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    process_id bigint NOT NULL,
    CONSTRAINT feedback_replyclock_threshold_check CHECK ((threshold >= 0))
);

CREATE TABLE public.feedback_replydate (
    process_id bigint NOT NULL,
    due timestamp with time zone NOT NULL,
    threshold integer NOT NULL,
    days integer NOT NULL,
    fixed_at timestamp with time zone NOT NULL,
    CONSTRAINT feedback_replydate_days_check CHECK ((days >= 0)),
    CONSTRAINT feedback_replydate_threshold_check CHECK ((threshold >= 0))
);

CREATE TABLE public.feedback_replyreminder (
    id bigint NOT NULL,
    due date NOT NULL,
    step character varying(4) NOT NULL,
    at timestamp with time zone NOT NULL,
    office_id bigint NOT NULL,
    process_id bigint NOT NULL
);

ALTER TABLE public.feedback_replyreminder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_replyreminder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_spending (
    id bigint NOT NULL,
    day date NOT NULL,
    amount numeric(14,2) NOT NULL,
    what_for character varying(140) NOT NULL,
    what_for_de character varying(140),
    what_for_en character varying(140),
    at timestamp with time zone NOT NULL,
    by_id bigint,
    commitment_id bigint NOT NULL,
    CONSTRAINT feedback_spending_is_an_amount CHECK ((NOT (amount = (0)::numeric))),
    CONSTRAINT feedback_spending_says_what_for CHECK (((what_for_de IS NOT NULL) AND (NOT (((what_for_de)::text = ''::text) AND (what_for_de IS NOT NULL)))))
);

ALTER TABLE public.feedback_spending ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_spending_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_task (
    id bigint NOT NULL,
    title character varying(140) NOT NULL,
    title_de character varying(140),
    title_en character varying(140),
    people smallint NOT NULL,
    hours numeric(5,1) NOT NULL,
    until date NOT NULL,
    at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    by_id bigint,
    commitment_id bigint NOT NULL,
    CONSTRAINT feedback_task_is_of_a_size CHECK (((hours > (0)::numeric) AND (hours <= (200)::numeric) AND (people >= 1) AND (people <= 500))),
    CONSTRAINT feedback_task_people_check CHECK ((people >= 0))
);

ALTER TABLE public.feedback_task ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.feedback_update (
    contribution_id bigint NOT NULL,
    text text NOT NULL,
    text_de text,
    text_en text,
    at timestamp with time zone NOT NULL,
    commitment_id bigint NOT NULL
);

CREATE TABLE public.jobs_job (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    key character varying(80) NOT NULL,
    title character varying(200) NOT NULL,
    state character varying(10) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    beat_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    done bigint NOT NULL,
    total bigint NOT NULL,
    result jsonb NOT NULL,
    reason character varying(300) NOT NULL,
    CONSTRAINT jobs_job_failed_with_reason CHECK (((NOT ((state)::text = 'failed'::text)) OR ((reason)::text > ''::text))),
    CONSTRAINT jobs_job_over_has_an_end CHECK ((((finished_at IS NULL) AND ((state)::text = ANY (ARRAY[('waiting'::character varying)::text, ('running'::character varying)::text]))) OR (((state)::text = ANY (ARRAY[('done'::character varying)::text, ('failed'::character varying)::text, ('cancelled'::character varying)::text])) AND (finished_at IS NOT NULL))))
);

ALTER TABLE public.jobs_job ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.jobs_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.jobs_removal (
    id bigint NOT NULL,
    rule character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    number integer NOT NULL,
    CONSTRAINT jobs_removal_number_check CHECK ((number >= 0)),
    CONSTRAINT jobs_removal_removes_something CHECK ((number > 0))
);

ALTER TABLE public.jobs_removal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.jobs_removal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.jobs_run (
    task character varying(100) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ok_at timestamp with time zone,
    failed_at timestamp with time zone,
    failure character varying(200) NOT NULL,
    failures integer NOT NULL,
    CONSTRAINT jobs_run_failures_check CHECK ((failures >= 0))
);

CREATE TABLE public.journal_cursor (
    reader character varying(60) NOT NULL,
    seq bigint NOT NULL,
    moved_at timestamp with time zone NOT NULL
);

CREATE TABLE public.journal_entry (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    seq bigint,
    verb character varying(60) NOT NULL,
    subject_label character varying(60) NOT NULL,
    subject_key character varying(40) NOT NULL,
    process_id bigint,
    actor_id bigint,
    organisation_id bigint,
    at timestamp with time zone NOT NULL,
    data jsonb NOT NULL,
    hash bytea,
    CONSTRAINT journal_entry_no_rehearsal CHECK (((process_id IS NULL) OR (process_id > 0))),
    CONSTRAINT journal_entry_sealed_with_hash CHECK ((((hash IS NULL) AND (seq IS NULL)) OR ((hash IS NOT NULL) AND (seq IS NOT NULL))))
);

ALTER TABLE public.journal_entry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.journal_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.journal_seal (
    id smallint NOT NULL,
    system_identifier bigint NOT NULL,
    snapshot text NOT NULL,
    until text,
    xid text NOT NULL,
    entry_id bigint NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT journal_seal_one_row CHECK ((id = 1))
);

CREATE TABLE public.merging_cluster (
    id bigint NOT NULL,
    name_de character varying(60) NOT NULL,
    name_en character varying(60) NOT NULL,
    about_de character varying(200) NOT NULL,
    about_en character varying(200) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    made_by_id bigint,
    process_id bigint NOT NULL
);

ALTER TABLE public.merging_cluster ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.merging_cluster_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.merging_clustermember (
    id bigint NOT NULL,
    added_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    added_by_id bigint,
    cluster_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    removed_by_id bigint
);

ALTER TABLE public.merging_clustermember ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.merging_clustermember_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.merging_jointtext (
    id bigint NOT NULL,
    version integer NOT NULL,
    title character varying(120) NOT NULL,
    summary character varying(200) NOT NULL,
    body text NOT NULL,
    read jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    merge_id bigint NOT NULL,
    CONSTRAINT merging_jointtext_version_check CHECK ((version >= 0))
);

ALTER TABLE public.merging_jointtext ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.merging_jointtext_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.merging_merge (
    id bigint NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    state character varying(9) NOT NULL,
    version integer NOT NULL,
    ended_at timestamp with time zone,
    before integer,
    after integer,
    process_id bigint NOT NULL,
    proposed_by_id bigint,
    CONSTRAINT merging_merge_after_check CHECK ((after >= 0)),
    CONSTRAINT merging_merge_before_check CHECK ((before >= 0)),
    CONSTRAINT merging_merge_ends_once CHECK ((((ended_at IS NULL) AND ((state)::text = 'open'::text)) OR ((NOT ((state)::text = 'open'::text)) AND (ended_at IS NOT NULL)))),
    CONSTRAINT merging_merge_knows_its_versions CHECK (((NOT ((state)::text = 'completed'::text)) OR ((after IS NOT NULL) AND (before IS NOT NULL)))),
    CONSTRAINT merging_merge_version_check CHECK ((version >= 0))
);

ALTER TABLE public.merging_merge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.merging_merge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.merging_mergepart (
    id bigint NOT NULL,
    role character varying(6) NOT NULL,
    is_open boolean NOT NULL,
    consented_at timestamp with time zone,
    consented_to integer,
    reason character varying(500) NOT NULL,
    left_at timestamp with time zone,
    stage_before character varying(14) NOT NULL,
    split_at timestamp with time zone,
    split_reason character varying(500) NOT NULL,
    consented_by_id bigint,
    declined_by_id bigint,
    merge_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    split_by_id bigint,
    CONSTRAINT merging_mergepart_consented_to_check CHECK ((consented_to >= 0)),
    CONSTRAINT merging_part_open_is_here CHECK (((NOT is_open) OR (left_at IS NULL)))
);

ALTER TABLE public.merging_mergepart ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.merging_mergepart_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);

ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.moderation_appeal (
    id bigint NOT NULL,
    words text NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome character varying(8) NOT NULL,
    reason character varying(500) NOT NULL,
    decided_at timestamp with time zone,
    by_id bigint,
    decided_by_id bigint,
    decision_id bigint NOT NULL,
    report_id bigint,
    CONSTRAINT moderation_appeal_outcome_has_reason CHECK ((((decided_at IS NULL) AND ((outcome)::text = ''::text)) OR ((decided_at IS NOT NULL) AND ((outcome)::text = ANY (ARRAY[('upheld'::character varying)::text, ('reversed'::character varying)::text])) AND (NOT ((reason)::text = ''::text)))))
);

ALTER TABLE public.moderation_appeal ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.moderation_appeal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.moderation_case (
    id bigint NOT NULL,
    state character varying(6) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    weight double precision NOT NULL,
    rank double precision NOT NULL,
    contribution_id bigint NOT NULL,
    process_id bigint NOT NULL,
    CONSTRAINT moderation_case_closed_has_moment CHECK ((((closed_at IS NOT NULL) AND ((state)::text = 'closed'::text)) OR ((NOT ((state)::text = 'closed'::text)) AND (closed_at IS NULL))))
);

ALTER TABLE public.moderation_case ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.moderation_case_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.moderation_claim (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    word character varying(200) NOT NULL,
    by_id bigint,
    case_id bigint NOT NULL
);

ALTER TABLE public.moderation_claim ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.moderation_claim_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.moderation_decision (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    token character varying(40) NOT NULL,
    outcome character varying(6) NOT NULL,
    rule jsonb NOT NULL,
    fact character varying(500) NOT NULL,
    reason character varying(500) NOT NULL,
    automated boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    took interval NOT NULL,
    appeal_until timestamp with time zone NOT NULL,
    batch uuid NOT NULL,
    was_held boolean NOT NULL,
    undone_at timestamp with time zone,
    undone_why character varying(500) NOT NULL,
    settled_at timestamp with time zone,
    by_id bigint,
    case_id bigint NOT NULL,
    contribution_id bigint NOT NULL,
    hiding_id bigint,
    process_id bigint NOT NULL,
    undone_by_id bigint,
    CONSTRAINT moderation_decision_can_be_appealed CHECK ((appeal_until > at)),
    CONSTRAINT moderation_decision_restricting_has_reasons CHECK ((((outcome)::text = 'fine'::text) OR ((NOT (rule = '{}'::jsonb)) AND (NOT ((fact)::text = ''::text)) AND (NOT ((reason)::text = ''::text)))))
);

ALTER TABLE public.moderation_decision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.moderation_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.moderation_fingerprint (
    contribution_id bigint NOT NULL,
    digest character varying(32) NOT NULL,
    length integer NOT NULL,
    at timestamp with time zone NOT NULL,
    process_id bigint NOT NULL,
    CONSTRAINT moderation_fingerprint_length_check CHECK ((length >= 0))
);

CREATE TABLE public.moderation_mark (
    id bigint NOT NULL,
    kind character varying(8) NOT NULL,
    n integer NOT NULL,
    detail character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL,
    case_id bigint NOT NULL,
    CONSTRAINT moderation_mark_n_check CHECK ((n >= 0))
);

ALTER TABLE public.moderation_mark ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.moderation_mark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.moderation_note (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    text character varying(500) NOT NULL,
    by_id bigint,
    case_id bigint NOT NULL
);

ALTER TABLE public.moderation_note ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.moderation_note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.moderation_report (
    id bigint NOT NULL,
    token character varying(40) NOT NULL,
    email character varying(254) NOT NULL,
    rule character varying(40) NOT NULL,
    words text NOT NULL,
    language character varying(5) NOT NULL,
    at timestamp with time zone NOT NULL,
    upheld boolean,
    mailed_at timestamp with time zone,
    by_id bigint,
    case_id bigint NOT NULL,
    contribution_id bigint NOT NULL
);

ALTER TABLE public.moderation_report ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.moderation_report_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.moderation_rule (
    id bigint NOT NULL,
    slug character varying(40) NOT NULL,
    name character varying(80) NOT NULL,
    name_de character varying(80),
    name_en character varying(80),
    text character varying(300) NOT NULL,
    text_de character varying(300),
    text_en character varying(300),
    about character varying(20) NOT NULL,
    "position" smallint NOT NULL,
    process_id bigint NOT NULL,
    CONSTRAINT moderation_rule_position_check CHECK (("position" >= 0))
);

ALTER TABLE public.moderation_rule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.moderation_rule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.moderation_watch (
    process_id bigint NOT NULL,
    first_posts_wait boolean NOT NULL,
    words text NOT NULL,
    words_wait boolean NOT NULL,
    links character varying(4) NOT NULL,
    most_links smallint NOT NULL,
    comments_an_hour smallint NOT NULL,
    proposals_a_day smallint NOT NULL,
    CONSTRAINT moderation_watch_comments_an_hour_check CHECK ((comments_an_hour >= 0)),
    CONSTRAINT moderation_watch_most_links_check CHECK ((most_links >= 0)),
    CONSTRAINT moderation_watch_proposals_a_day_check CHECK ((proposals_a_day >= 0))
);

CREATE TABLE public.notices_device (
    id bigint NOT NULL,
    endpoint character varying(1000) NOT NULL,
    p256dh character varying(120) NOT NULL,
    auth character varying(40) NOT NULL,
    kinds character varying(20)[] NOT NULL,
    name character varying(60) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL
);

ALTER TABLE public.notices_device ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_device_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_fanout (
    entry_id bigint NOT NULL,
    verb character varying(60) NOT NULL,
    subject_label character varying(60) NOT NULL,
    subject_key character varying(40) NOT NULL,
    actor_id bigint,
    at timestamp with time zone NOT NULL,
    data jsonb NOT NULL,
    last_person bigint NOT NULL,
    contribution_id bigint,
    process_id bigint,
    failures smallint NOT NULL,
    told integer NOT NULL,
    wait_until timestamp with time zone,
    CONSTRAINT notices_fanout_failures_check CHECK ((failures >= 0)),
    CONSTRAINT notices_fanout_told_check CHECK ((told >= 0))
);

CREATE TABLE public.notices_mail (
    id bigint NOT NULL,
    identity character varying(32) NOT NULL,
    rhythm character varying(10) NOT NULL,
    entry_id bigint,
    number integer NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    bounced_at timestamp with time zone,
    said character varying(300) NOT NULL,
    counts boolean NOT NULL,
    complained_at timestamp with time zone,
    person_id bigint,
    CONSTRAINT notices_mail_number_check CHECK ((number >= 0))
);

ALTER TABLE public.notices_mail ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_mail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_newsletter (
    id bigint NOT NULL,
    audience character varying(10) NOT NULL,
    subject_de character varying(120) NOT NULL,
    subject_en character varying(120) NOT NULL,
    text_de text NOT NULL,
    text_en text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    tested_at timestamp with time zone,
    send_at timestamp with time zone,
    sent_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    entry_id bigint,
    made_by_id bigint,
    process_id bigint,
    CONSTRAINT notices_newsletter_process_of_audience CHECK (((((audience)::text = 'process'::text) AND (process_id IS NOT NULL)) OR ((process_id IS NULL) AND (NOT ((audience)::text = 'process'::text))))),
    CONSTRAINT notices_newsletter_sent_or_cancelled CHECK ((((entry_id IS NULL) AND (sent_at IS NULL)) OR ((cancelled_at IS NULL) AND (entry_id IS NOT NULL) AND (sent_at IS NOT NULL))))
);

ALTER TABLE public.notices_newsletter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_newsletter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_notice (
    id bigint NOT NULL,
    entry_id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    verb character varying(60) NOT NULL,
    subject_label character varying(60) NOT NULL,
    subject_key character varying(40) NOT NULL,
    data jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    rhythm character varying(10) NOT NULL,
    due_at timestamp with time zone,
    claimed_at timestamp with time zone,
    attempts smallint NOT NULL,
    sent_at timestamp with time zone,
    contribution_id bigint,
    person_id bigint NOT NULL,
    process_id bigint,
    until timestamp with time zone,
    CONSTRAINT notices_notice_attempts_check CHECK ((attempts >= 0))
);

ALTER TABLE public.notices_notice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_preference (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    rhythm character varying(10) NOT NULL,
    person_id bigint NOT NULL,
    chosen_at timestamp with time zone
);

ALTER TABLE public.notices_preference ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_preference_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_push (
    id bigint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone,
    attempts smallint NOT NULL,
    device_id bigint NOT NULL,
    notice_id bigint NOT NULL,
    CONSTRAINT notices_push_attempts_check CHECK ((attempts >= 0))
);

ALTER TABLE public.notices_push ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notices_push_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.notices_stopped (
    person_id bigint NOT NULL,
    why character varying(10) NOT NULL,
    said character varying(300) NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.notices_thingrhythm (
    follow_id bigint NOT NULL,
    rhythm character varying(10) NOT NULL
);

CREATE TABLE public.notices_wishes (
    person_id bigint NOT NULL,
    most_a_week smallint,
    quiet_from time without time zone,
    quiet_until time without time zone,
    CONSTRAINT notices_wishes_cap_is_positive CHECK (((most_a_week IS NULL) OR (most_a_week > 0))),
    CONSTRAINT notices_wishes_most_a_week_check CHECK ((most_a_week >= 0)),
    CONSTRAINT notices_wishes_quiet_has_two_ends CHECK ((((quiet_from IS NULL) AND (quiet_until IS NULL)) OR ((quiet_from IS NOT NULL) AND (quiet_until IS NOT NULL))))
);

CREATE TABLE public.opendata_figure (
    id bigint NOT NULL,
    metric character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    fresh_at timestamp with time zone NOT NULL,
    value numeric(16,2),
    held bigint NOT NULL,
    CONSTRAINT opendata_figure_held_check CHECK ((held >= 0))
);

ALTER TABLE public.opendata_figure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.opendata_figure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.opendata_processpackage (
    process_id bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    fresh_at timestamp with time zone NOT NULL,
    size bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    content character varying(64) NOT NULL,
    counts jsonb NOT NULL,
    stored character varying(200) NOT NULL,
    CONSTRAINT opendata_package_fresh_after_made CHECK ((fresh_at >= made_at)),
    CONSTRAINT opendata_processpackage_size_check CHECK ((size >= 0))
);

CREATE TABLE public.opendata_release (
    id bigint NOT NULL,
    dataset character varying(60) NOT NULL,
    number integer NOT NULL,
    made_at timestamp with time zone NOT NULL,
    fresh_at timestamp with time zone NOT NULL,
    rows bigint NOT NULL,
    digest character varying(64) NOT NULL,
    columns jsonb NOT NULL,
    counts jsonb NOT NULL,
    licence character varying(20) NOT NULL,
    taken_out integer NOT NULL,
    taken_out_at timestamp with time zone,
    CONSTRAINT opendata_release_fresh_after_made CHECK ((fresh_at >= made_at)),
    CONSTRAINT opendata_release_number_check CHECK ((number >= 0)),
    CONSTRAINT opendata_release_rows_check CHECK ((rows >= 0)),
    CONSTRAINT opendata_release_taken_out_check CHECK ((taken_out >= 0))
);

ALTER TABLE public.opendata_release ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.opendata_release_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.opendata_releasefile (
    id bigint NOT NULL,
    form character varying(8) NOT NULL,
    name character varying(120) NOT NULL,
    size bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    stored character varying(200) NOT NULL,
    release_id bigint NOT NULL,
    CONSTRAINT opendata_releasefile_size_check CHECK ((size >= 0))
);

ALTER TABLE public.opendata_releasefile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.opendata_releasefile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.paperwork_batch (
    id bigint NOT NULL,
    number integer NOT NULL,
    way character varying(5) NOT NULL,
    size integer NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    sealed_at timestamp with time zone,
    valid integer NOT NULL,
    blank integer NOT NULL,
    invalid integer NOT NULL,
    categories jsonb NOT NULL,
    first_by_id bigint,
    opened_by_id bigint,
    second_by_id bigint,
    vote_id bigint NOT NULL,
    parts jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT paperwork_batch_balances CHECK ((((blank = 0) AND (invalid = 0) AND (sealed_at IS NULL) AND (valid = 0)) OR ((sealed_at IS NOT NULL) AND (size = ((valid + blank) + invalid))))),
    CONSTRAINT paperwork_batch_blank_check CHECK ((blank >= 0)),
    CONSTRAINT paperwork_batch_invalid_check CHECK ((invalid >= 0)),
    CONSTRAINT paperwork_batch_number_check CHECK ((number >= 0)),
    CONSTRAINT paperwork_batch_of_a_size CHECK (((size >= 1) AND (size <= 500))),
    CONSTRAINT paperwork_batch_size_check CHECK ((size >= 0)),
    CONSTRAINT paperwork_batch_two_people CHECK (((first_by_id IS NULL) OR (second_by_id IS NULL) OR (NOT ((first_by_id = second_by_id) AND (first_by_id IS NOT NULL) AND (second_by_id IS NOT NULL))))),
    CONSTRAINT paperwork_batch_valid_check CHECK ((valid >= 0)),
    CONSTRAINT paperwork_batch_way_known CHECK (((way)::text = ANY (ARRAY[('paper'::character varying)::text, ('desk'::character varying)::text])))
);

ALTER TABLE public.paperwork_batch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.paperwork_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.paperwork_finish (
    vote_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    missing integer NOT NULL,
    reason character varying(300) NOT NULL,
    by_id bigint,
    CONSTRAINT paperwork_finish_missing_check CHECK ((missing >= 0)),
    CONSTRAINT paperwork_finish_says_why_some_are_missing CHECK (((missing = 0) OR (NOT ((reason)::text = ''::text))))
);

CREATE TABLE public.paperwork_papercode (
    key bytea NOT NULL,
    serial integer NOT NULL,
    tag bytea,
    returned boolean NOT NULL,
    revoked boolean NOT NULL,
    vote_id bigint NOT NULL,
    run_id bigint NOT NULL,
    CONSTRAINT paperwork_code_key_length CHECK ((octet_length(key) = 32)),
    CONSTRAINT paperwork_code_returned_was_given CHECK (((NOT returned) OR ((NOT revoked) AND (tag IS NOT NULL)))),
    CONSTRAINT paperwork_papercode_serial_check CHECK ((serial >= 0))
);

CREATE TABLE public.paperwork_printrun (
    id bigint NOT NULL,
    number integer NOT NULL,
    way character varying(5) NOT NULL,
    copies integer NOT NULL,
    language character varying(5) NOT NULL,
    large boolean NOT NULL,
    printed_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    printed_by_id bigint,
    vote_id bigint NOT NULL,
    CONSTRAINT paperwork_printrun_copies_check CHECK ((copies >= 0)),
    CONSTRAINT paperwork_printrun_number_check CHECK ((number >= 0)),
    CONSTRAINT paperwork_run_of_a_size CHECK (((copies >= 1) AND (copies <= 500))),
    CONSTRAINT paperwork_run_way_known CHECK (((way)::text = ANY (ARRAY[('paper'::character varying)::text, ('desk'::character varying)::text])))
);

ALTER TABLE public.paperwork_printrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.paperwork_printrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.paperwork_scan (
    id bigint NOT NULL,
    key character varying(22) NOT NULL,
    name character varying(100) NOT NULL,
    type character varying(8) NOT NULL,
    size integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    stored character varying(60) NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    uploaded_by_id bigint,
    CONSTRAINT paperwork_scan_size_check CHECK ((size >= 0))
);

ALTER TABLE public.paperwork_scan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.paperwork_scan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.paperwork_typed (
    id bigint NOT NULL,
    side smallint NOT NULL,
    number integer NOT NULL,
    kind character varying(7) NOT NULL,
    category character varying(8) NOT NULL,
    positions smallint[] NOT NULL,
    batch_id bigint NOT NULL,
    parts jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT paperwork_typed_number_check CHECK ((number >= 0)),
    CONSTRAINT paperwork_typed_numbers CHECK (((number >= 1) AND (side = ANY (ARRAY[1, 2])))),
    CONSTRAINT paperwork_typed_one_kind CHECK (((((category)::text = ''::text) AND ((kind)::text = 'valid'::text) AND (
CASE
    WHEN (positions IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(positions, 1), 0)
END > 0)) OR (((category)::text = ''::text) AND ((kind)::text = 'blank'::text) AND (
CASE
    WHEN (positions IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(positions, 1), 0)
END = 0)) OR (((category)::text = ANY (ARRAY[('too_much'::character varying)::text, ('unclear'::character varying)::text, ('marked'::character varying)::text, ('foreign'::character varying)::text, ('parts'::character varying)::text])) AND ((kind)::text = 'invalid'::text) AND (
CASE
    WHEN (positions IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(positions, 1), 0)
END = 0)))),
    CONSTRAINT paperwork_typed_side_check CHECK ((side >= 0))
);

ALTER TABLE public.paperwork_typed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.paperwork_typed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.privacy_breach (
    id bigint NOT NULL,
    is_rehearsal boolean NOT NULL,
    known_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    what text NOT NULL,
    people text NOT NULL,
    effects text NOT NULL,
    measures text NOT NULL,
    risk character varying(10) NOT NULL,
    why_no_risk text NOT NULL,
    told_authority_at timestamp with time zone,
    why_late text NOT NULL,
    told_people_at timestamp with time zone,
    closed_at timestamp with time zone,
    noted_at timestamp with time zone NOT NULL,
    noted_by_id bigint,
    CONSTRAINT privacy_breach_closed_is_told CHECK (((closed_at IS NULL) OR ((risk)::text = 'none'::text) OR (((risk)::text = 'risk'::text) AND (told_authority_at IS NOT NULL)) OR (((risk)::text = 'high'::text) AND (told_authority_at IS NOT NULL) AND (told_people_at IS NOT NULL)))),
    CONSTRAINT privacy_breach_known_before_noted CHECK ((known_at <= noted_at)),
    CONSTRAINT privacy_breach_late_has_reasons CHECK (((told_authority_at IS NULL) OR (told_authority_at <= due_at) OR (NOT (why_late = ''::text)))),
    CONSTRAINT privacy_breach_no_risk_has_reasons CHECK (((NOT ((risk)::text = 'none'::text)) OR (NOT (why_no_risk = ''::text))))
);

ALTER TABLE public.privacy_breach ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_breach_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.privacy_consent (
    id bigint NOT NULL,
    purpose character varying(40) NOT NULL,
    thing character varying(60) NOT NULL,
    is_given boolean NOT NULL,
    channel character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    text_id character varying(64),
    CONSTRAINT privacy_consent_says_to_what CHECK (((NOT is_given) OR (text_id IS NOT NULL)))
);

ALTER TABLE public.privacy_consent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_consent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.privacy_consenttext (
    digest character varying(64) NOT NULL,
    purpose character varying(40) NOT NULL,
    language character varying(5) NOT NULL,
    text text NOT NULL
);

CREATE TABLE public.privacy_erasure (
    id bigint NOT NULL,
    person_key bigint NOT NULL,
    mark character varying(64) NOT NULL,
    way character varying(10) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    needles jsonb NOT NULL,
    things bigint[] NOT NULL,
    found jsonb NOT NULL,
    CONSTRAINT privacy_erasure_done_knows_nothing CHECK (((done_at IS NULL) OR ((needles = '[]'::jsonb) AND (things = '{}'::bigint[]))))
);

ALTER TABLE public.privacy_erasure ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_erasure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.privacy_export (
    id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    ready_at timestamp with time zone,
    expires_at timestamp with time zone,
    over_at timestamp with time zone,
    fetched_at timestamp with time zone,
    file character varying(60) NOT NULL,
    size bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT privacy_export_ready_expires CHECK (((ready_at IS NULL) OR (expires_at IS NOT NULL))),
    CONSTRAINT privacy_export_size_check CHECK ((size >= 0))
);

ALTER TABLE public.privacy_export ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_export_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.privacy_noticereview (
    id bigint NOT NULL,
    version integer NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    CONSTRAINT privacy_noticereview_version_check CHECK ((version >= 0))
);

ALTER TABLE public.privacy_noticereview ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_noticereview_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.privacy_noticeversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    text_de text NOT NULL,
    text_en text NOT NULL,
    easy_de text NOT NULL,
    easy_en text NOT NULL,
    changed_de text NOT NULL,
    changed_en text NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by_id bigint,
    CONSTRAINT privacy_noticeversion_number_check CHECK ((number >= 0)),
    CONSTRAINT privacy_noticeversion_says_what_is_new CHECK (((number <= 1) OR ((NOT (changed_de = ''::text)) AND (NOT (changed_en = ''::text)))))
);

ALTER TABLE public.privacy_noticeversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_noticeversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.privacy_request (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    about character varying(80) NOT NULL,
    words text NOT NULL,
    language character varying(5) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    extended_at timestamp with time zone,
    extended_why text NOT NULL,
    answered_at timestamp with time zone,
    outcome character varying(10) NOT NULL,
    answer text NOT NULL,
    withdrawn_at timestamp with time zone,
    answered_by_id bigint,
    person_id bigint,
    CONSTRAINT privacy_request_answer_has_reasons CHECK ((((answer = ''::text) AND (answered_at IS NULL) AND ((outcome)::text = ''::text)) OR ((answered_at IS NOT NULL) AND (NOT ((outcome)::text = ''::text)) AND (NOT (answer = ''::text))))),
    CONSTRAINT privacy_request_answered_or_withdrawn CHECK (((answered_at IS NULL) OR (withdrawn_at IS NULL))),
    CONSTRAINT privacy_request_clock_runs CHECK ((due_at > asked_at)),
    CONSTRAINT privacy_request_more_time_has_reasons CHECK ((((extended_at IS NULL) AND (extended_why = ''::text)) OR ((extended_at IS NOT NULL) AND (NOT (extended_why = ''::text)))))
);

ALTER TABLE public.privacy_request ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_assessment (
    id bigint NOT NULL,
    verdict character varying(20) NOT NULL,
    cost numeric(14,2),
    yearly_cost numeric(14,2),
    reason text NOT NULL,
    reason_de text,
    reason_en text,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    office_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    ballot_cost numeric(14,2),
    body character varying(160) NOT NULL,
    competence character varying(5) DEFAULT 'city'::character varying NOT NULL,
    correction character varying(300) NOT NULL,
    cost_from numeric(14,2),
    duplicate_of_id bigint,
    estimate character varying(500) NOT NULL,
    implementer_id bigint,
    needs_signature boolean DEFAULT false NOT NULL,
    permit character varying(500) NOT NULL,
    reason_code character varying(12) NOT NULL,
    replaced_at timestamp with time zone,
    revision integer,
    signed_at timestamp with time zone,
    signed_by_id bigint,
    way_on text NOT NULL,
    way_on_de text,
    way_on_en text,
    year smallint,
    CONSTRAINT proposals_assessment_costs_not_negative CHECK ((((cost IS NULL) OR (cost >= (0)::numeric)) AND ((yearly_cost IS NULL) OR (yearly_cost >= (0)::numeric)) AND ((cost_from IS NULL) OR (cost_from >= (0)::numeric)) AND ((ballot_cost IS NULL) OR (ballot_cost >= (0)::numeric)))),
    CONSTRAINT proposals_assessment_feasible_has_cost CHECK ((((verdict)::text = 'not_feasible'::text) OR (cost IS NOT NULL))),
    CONSTRAINT proposals_assessment_range_in_order CHECK (((cost_from IS NULL) OR (cost IS NULL) OR (cost_from <= cost))),
    CONSTRAINT proposals_assessment_revision_check CHECK ((revision >= 0)),
    CONSTRAINT proposals_assessment_signed_where_needed CHECK (((NOT needs_signature) OR (signed_at IS NOT NULL))),
    CONSTRAINT proposals_assessment_two_people CHECK (((by_id IS NULL) OR (signed_by_id IS NULL) OR (NOT ((signed_by_id = by_id) AND (signed_by_id IS NOT NULL) AND (by_id IS NOT NULL))))),
    CONSTRAINT proposals_assessment_year_check CHECK ((year >= 0))
);

ALTER TABLE public.proposals_assessment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_assessment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_assignment (
    id bigint NOT NULL,
    due timestamp with time zone,
    at timestamp with time zone NOT NULL,
    note character varying(300) NOT NULL,
    ended_at timestamp with time zone,
    batch character varying(22) NOT NULL,
    ended_batch character varying(22) NOT NULL,
    paused_until timestamp with time zone,
    content jsonb NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    changed_at timestamp with time zone,
    submitted_at timestamp with time zone,
    submitted_revision integer,
    returned_note character varying(500) NOT NULL,
    correction character varying(300) NOT NULL,
    done_at timestamp with time zone,
    seen_revision integer,
    by_id bigint,
    changed_by_id bigint,
    ended_by_id bigint,
    handed_to_id bigint,
    office_id bigint NOT NULL,
    person_id bigint,
    proposal_id bigint NOT NULL,
    submitted_by_id bigint,
    CONSTRAINT proposals_assignment_done_waits_for_nobody CHECK (((submitted_at IS NULL) OR (done_at IS NULL))),
    CONSTRAINT proposals_assignment_seen_revision_check CHECK ((seen_revision >= 0)),
    CONSTRAINT proposals_assignment_submitted_revision_check CHECK ((submitted_revision >= 0)),
    CONSTRAINT proposals_assignment_version_check CHECK ((version >= 0))
);

ALTER TABLE public.proposals_assignment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_assignment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_authorship (
    id bigint NOT NULL,
    role character varying(11) NOT NULL,
    invited_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    declined_at timestamp with time zone,
    left_at timestamp with time zone,
    invited_by_id bigint,
    organisation_id bigint,
    person_id bigint,
    proposal_id bigint NOT NULL,
    code character varying(32) NOT NULL,
    email character varying(254) NOT NULL,
    expires_at timestamp with time zone,
    lead_offered_at timestamp with time zone,
    posted_at timestamp with time zone,
    CONSTRAINT proposals_authorship_one_answer CHECK (((declined_at IS NULL) OR (accepted_at IS NULL)))
);

ALTER TABLE public.proposals_authorship ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_authorship_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_clarification (
    id bigint NOT NULL,
    question character varying(600) NOT NULL,
    language character varying(5) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    due timestamp with time zone NOT NULL,
    answer character varying(2000) NOT NULL,
    answer_language character varying(5) NOT NULL,
    answered_at timestamp with time zone,
    revision integer,
    reminded_at timestamp with time zone,
    answered_by_id bigint,
    asked_by_id bigint,
    office_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    CONSTRAINT proposals_clarification_answer_whole CHECK (((((answer)::text = ''::text) AND (answered_at IS NULL)) OR ((answered_at IS NOT NULL) AND (NOT ((answer)::text = ''::text))))),
    CONSTRAINT proposals_clarification_due_after_asking CHECK ((due > asked_at)),
    CONSTRAINT proposals_clarification_revision_check CHECK ((revision >= 0))
);

ALTER TABLE public.proposals_clarification ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_clarification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_listcount (
    id bigint NOT NULL,
    theme character varying(10) NOT NULL,
    stage character varying(14) NOT NULL,
    n integer NOT NULL,
    place_id bigint NOT NULL,
    process_id bigint NOT NULL,
    author_kind character varying(30) NOT NULL,
    is_answered boolean NOT NULL,
    seeks_coauthors boolean NOT NULL
);

ALTER TABLE public.proposals_listcount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_listcount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_listexport (
    id bigint NOT NULL,
    form character varying(4) NOT NULL,
    query character varying(2000) NOT NULL,
    language character varying(5) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    ready_at timestamp with time zone,
    expires_at timestamp with time zone,
    file character varying(60) NOT NULL,
    size bigint NOT NULL,
    rows integer NOT NULL,
    person_id bigint NOT NULL,
    process_id bigint NOT NULL,
    CONSTRAINT proposals_listexport_ready_expires CHECK ((((expires_at IS NULL) AND ((file)::text = ''::text) AND (ready_at IS NULL)) OR ((expires_at IS NOT NULL) AND (ready_at IS NOT NULL)))),
    CONSTRAINT proposals_listexport_rows_check CHECK ((rows >= 0)),
    CONSTRAINT proposals_listexport_size_check CHECK ((size >= 0))
);

ALTER TABLE public.proposals_listexport ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_listexport_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_proposal (
    contribution_id bigint NOT NULL,
    is_public boolean NOT NULL,
    receipt character varying(16) NOT NULL,
    title character varying(120) NOT NULL,
    summary character varying(200) NOT NULL,
    language character varying(5) NOT NULL,
    translations jsonb NOT NULL,
    theme character varying(10) NOT NULL,
    location character varying(160) NOT NULL,
    map_x double precision,
    map_y double precision,
    hue character varying(8) NOT NULL,
    pattern character varying(8) NOT NULL,
    stage character varying(14) NOT NULL,
    cost numeric(14,2),
    supports integer NOT NULL,
    comments integer NOT NULL,
    exposure double precision NOT NULL,
    search tsvector,
    place_id bigint NOT NULL,
    process_id bigint NOT NULL,
    lives_in_id bigint,
    author_kind character varying(30) NOT NULL,
    is_answered boolean NOT NULL,
    seeks_coauthors boolean NOT NULL,
    shown integer NOT NULL,
    supports_taken_over integer DEFAULT 0 NOT NULL,
    CONSTRAINT proposals_proposal_comments_check CHECK ((comments >= 0)),
    CONSTRAINT proposals_proposal_cost_not_negative CHECK (((cost IS NULL) OR (cost >= (0)::numeric))),
    CONSTRAINT proposals_proposal_lives_once CHECK (((lives_in_id IS NULL) OR ((NOT is_public) AND ((stage)::text = 'merged'::text) AND (NOT ((lives_in_id = contribution_id) AND (lives_in_id IS NOT NULL)))))),
    CONSTRAINT proposals_proposal_shown_check CHECK ((shown >= 0)),
    CONSTRAINT proposals_proposal_supports_check CHECK ((supports >= 0)),
    CONSTRAINT proposals_proposal_supports_taken_over_check CHECK ((supports_taken_over >= 0))
);

CREATE TABLE public.proposals_revision (
    id bigint NOT NULL,
    number integer NOT NULL,
    title character varying(120) NOT NULL,
    summary character varying(200) NOT NULL,
    body text NOT NULL,
    language character varying(5) NOT NULL,
    translations jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id bigint,
    proposal_id bigint NOT NULL,
    is_substantive boolean NOT NULL,
    note character varying(300) NOT NULL,
    CONSTRAINT proposals_revision_number_check CHECK ((number >= 0))
);

ALTER TABLE public.proposals_revision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_revision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_searchword (
    id bigint NOT NULL,
    word character varying(60) NOT NULL,
    n integer NOT NULL,
    process_id bigint NOT NULL
);

ALTER TABLE public.proposals_searchword ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_searchword_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_shown (
    id bigint NOT NULL,
    day date NOT NULL,
    n integer NOT NULL,
    proposal_id bigint NOT NULL,
    CONSTRAINT proposals_shown_n_check CHECK ((n >= 0))
);

ALTER TABLE public.proposals_shown ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_shown_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_stagemove (
    id bigint NOT NULL,
    stage character varying(14) NOT NULL,
    at timestamp with time zone NOT NULL,
    detail character varying(200) NOT NULL,
    data jsonb NOT NULL,
    by_id bigint,
    office_id bigint,
    proposal_id bigint NOT NULL
);

ALTER TABLE public.proposals_stagemove ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_stagemove_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_support (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    renewed_at timestamp with time zone,
    via_id bigint
);

ALTER TABLE public.proposals_support ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_support_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_takeover (
    id bigint NOT NULL,
    offered_at timestamp with time zone NOT NULL,
    decide_by timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    is_accepted boolean NOT NULL,
    decided_by_id bigint,
    person_id bigint,
    proposal_id bigint NOT NULL,
    CONSTRAINT proposals_take_over_decided_once_accepted CHECK (((NOT is_accepted) OR (decided_at IS NOT NULL)))
);

ALTER TABLE public.proposals_takeover ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_takeover_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.proposals_textdraft (
    id bigint NOT NULL,
    seen integer NOT NULL,
    title character varying(120) NOT NULL,
    summary character varying(200) NOT NULL,
    body text NOT NULL,
    note character varying(300) NOT NULL,
    is_substantive boolean NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    CONSTRAINT proposals_textdraft_seen_check CHECK ((seen >= 0))
);

ALTER TABLE public.proposals_textdraft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.proposals_textdraft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.reach_answers (
    handle character varying(64) NOT NULL,
    sealed bytea NOT NULL,
    month date NOT NULL
);

CREATE TABLE public.reach_asking (
    id bigint NOT NULL,
    questions character varying(12)[] NOT NULL,
    process_id bigint
);

ALTER TABLE public.reach_asking ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.reach_asking_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.reach_cell (
    id bigint NOT NULL,
    question character varying(12) NOT NULL,
    answer character varying(60) NOT NULL,
    held integer NOT NULL,
    shown integer,
    process_id bigint NOT NULL,
    CONSTRAINT reach_cell_held_check CHECK ((held >= 0)),
    CONSTRAINT reach_cell_shown_check CHECK ((shown >= 0)),
    CONSTRAINT reach_cell_speaks_of_enough CHECK ((((held = 0) AND (shown IS NULL)) OR ((held >= 5) AND (shown IS NOT NULL))))
);

ALTER TABLE public.reach_cell ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.reach_cell_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.reach_population (
    id bigint NOT NULL,
    question character varying(12) NOT NULL,
    answer character varying(60) NOT NULL,
    people integer NOT NULL,
    CONSTRAINT reach_population_people_check CHECK ((people >= 0))
);

ALTER TABLE public.reach_population ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.reach_population_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.searches_savedsearch (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    query character varying(1000) NOT NULL,
    rhythm character varying(6) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_until timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    process_id bigint
);

ALTER TABLE public.searches_savedsearch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.searches_savedsearch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.tokens_token (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    begins character varying(10) NOT NULL,
    digest character varying(64) NOT NULL,
    scopes character varying(12)[] NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ends timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    last_used date,
    person_id bigint NOT NULL,
    CONSTRAINT tokens_token_ends_after_it_begins CHECK ((ends > made_at)),
    CONSTRAINT tokens_token_opens_something CHECK ((NOT (scopes = '{}'::character varying(12)[])))
);

ALTER TABLE public.tokens_token ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tokens_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.variants_annotation (
    contribution_id bigint NOT NULL,
    number integer NOT NULL,
    x double precision NOT NULL,
    y double precision NOT NULL,
    text text NOT NULL,
    variant_id bigint NOT NULL,
    CONSTRAINT variants_annotation_number_check CHECK ((number >= 0)),
    CONSTRAINT variants_annotation_on_drawing CHECK (((x >= (0.0)::double precision) AND (x <= (100.0)::double precision) AND (y >= (0.0)::double precision) AND (y <= (100.0)::double precision)))
);

CREATE TABLE public.variants_preference (
    id bigint NOT NULL,
    choice character varying(4) NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    CONSTRAINT variants_preference_known CHECK (((choice)::text = ANY (ARRAY[('like'::character varying)::text, ('fine'::character varying)::text, ('not'::character varying)::text])))
);

ALTER TABLE public.variants_preference ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.variants_preference_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.variants_variant (
    id bigint NOT NULL,
    number smallint NOT NULL,
    title character varying(80) NOT NULL,
    words text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    added_by_id bigint,
    picture_id bigint,
    proposal_id bigint NOT NULL,
    CONSTRAINT variants_variant_number_check CHECK ((number >= 0))
);

ALTER TABLE public.variants_variant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.variants_variant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.webapi_keptanswer (
    id bigint NOT NULL,
    key character varying(64) NOT NULL,
    digest character varying(64) NOT NULL,
    status smallint NOT NULL,
    body text NOT NULL,
    location character varying(300) NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT webapi_keptanswer_status_check CHECK ((status >= 0))
);

ALTER TABLE public.webapi_keptanswer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.webapi_keptanswer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.webhooks_delivery (
    id bigint NOT NULL,
    message character varying(40) NOT NULL,
    entry_id bigint,
    verb character varying(60) NOT NULL,
    subject_label character varying(60) NOT NULL,
    subject_key character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL,
    state character varying(9) NOT NULL,
    due_at timestamp with time zone,
    claimed_at timestamp with time zone,
    attempts smallint NOT NULL,
    tried_at timestamp with time zone,
    status smallint,
    trouble character varying(12) NOT NULL,
    milliseconds integer,
    contribution_id bigint,
    process_id bigint,
    webhook_id bigint NOT NULL,
    CONSTRAINT webhooks_delivery_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT webhooks_delivery_milliseconds_check CHECK ((milliseconds >= 0)),
    CONSTRAINT webhooks_delivery_status_check CHECK ((status >= 0)),
    CONSTRAINT webhooks_delivery_waits_for_a_moment CHECK ((((due_at IS NOT NULL) AND ((state)::text = 'waiting'::text)) OR ((NOT ((state)::text = 'waiting'::text)) AND (due_at IS NULL))))
);

ALTER TABLE public.webhooks_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.webhooks_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.webhooks_webhook (
    id bigint NOT NULL,
    for_team boolean NOT NULL,
    name character varying(60) NOT NULL,
    url character varying(500) NOT NULL,
    kinds character varying(20)[] NOT NULL,
    salt character varying(40) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    failing_since timestamp with time zone,
    off_at timestamp with time zone,
    off_why character varying(6) NOT NULL,
    person_id bigint,
    process_id bigint,
    old_salt character varying(40) DEFAULT ''::character varying NOT NULL,
    old_until timestamp with time zone,
    CONSTRAINT webhooks_webhook_is_somebodys CHECK (((person_id IS NOT NULL) OR for_team)),
    CONSTRAINT webhooks_webhook_off_with_reason CHECK ((((off_at IS NULL) AND ((off_why)::text = ''::text)) OR ((off_at IS NOT NULL) AND (NOT ((off_why)::text = ''::text))))),
    CONSTRAINT webhooks_webhook_old_secret_ends CHECK (((((old_salt)::text = ''::text) AND (old_until IS NULL)) OR ((old_until IS NOT NULL) AND (NOT ((old_salt)::text = ''::text))))),
    CONSTRAINT webhooks_webhook_team_has_a_process CHECK (((NOT for_team) OR (process_id IS NOT NULL))),
    CONSTRAINT webhooks_webhook_tells_something CHECK ((NOT (kinds = '{}'::character varying(20)[])))
);

ALTER TABLE public.webhooks_webhook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.webhooks_webhook_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_guardianconsent
    ADD CONSTRAINT accounts_guardianconsent_person_id_key UNIQUE (person_id);

ALTER TABLE ONLY public.accounts_guardianconsent
    ADD CONSTRAINT accounts_guardianconsent_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_once UNIQUE (person_id, organisation_id);

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_organisation
    ADD CONSTRAINT accounts_organisation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_organisation
    ADD CONSTRAINT accounts_organisation_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.accounts_person_groups
    ADD CONSTRAINT accounts_person_groups_person_id_group_id_92ec326f_uniq UNIQUE (person_id, group_id);

ALTER TABLE ONLY public.accounts_person_groups
    ADD CONSTRAINT accounts_person_groups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_person
    ADD CONSTRAINT accounts_person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_person_user_permissions
    ADD CONSTRAINT accounts_person_user_per_person_id_permission_id_d2e37e5b_uniq UNIQUE (person_id, permission_id);

ALTER TABLE ONLY public.accounts_person_user_permissions
    ADD CONSTRAINT accounts_person_user_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_verification
    ADD CONSTRAINT accounts_verification_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.amendments_amendment
    ADD CONSTRAINT amendments_amendment_pkey PRIMARY KEY (contribution_id);

ALTER TABLE ONLY public.amendments_amendment
    ADD CONSTRAINT amendments_amendment_receipt_key UNIQUE (receipt);

ALTER TABLE ONLY public.amendments_amendment
    ADD CONSTRAINT amendments_amendment_supersedes_id_key UNIQUE (supersedes_id);

ALTER TABLE ONLY public.amendments_decision
    ADD CONSTRAINT amendments_decision_pkey PRIMARY KEY (amendment_id);

ALTER TABLE ONLY public.amendments_decision
    ADD CONSTRAINT amendments_decision_revision_id_key UNIQUE (revision_id);

ALTER TABLE ONLY public.amendments_opinion
    ADD CONSTRAINT amendments_opinion_once_per_person UNIQUE (poll_id, person_id);

ALTER TABLE ONLY public.amendments_opinion
    ADD CONSTRAINT amendments_opinion_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.amendments_poll
    ADD CONSTRAINT amendments_poll_pkey PRIMARY KEY (amendment_id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ballots_ballotoption
    ADD CONSTRAINT ballots_ballotoption_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ballots_boardleaf
    ADD CONSTRAINT ballots_boardleaf_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ballots_castballot
    ADD CONSTRAINT ballots_castballot_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ballots_treehead
    ADD CONSTRAINT ballots_head_size_once UNIQUE (vote_id, size);

ALTER TABLE ONLY public.ballots_boardleaf
    ADD CONSTRAINT ballots_leaf_once UNIQUE (vote_id, leaf);

ALTER TABLE ONLY public.ballots_boardleaf
    ADD CONSTRAINT ballots_leaf_position_once UNIQUE (vote_id, "position");

ALTER TABLE ONLY public.ballots_ballotoption
    ADD CONSTRAINT ballots_option_code_once UNIQUE (vote_id, code);

ALTER TABLE ONLY public.ballots_ballotoption
    ADD CONSTRAINT ballots_option_position_once UNIQUE (vote_id, "position");

ALTER TABLE ONLY public.ballots_ballotoption
    ADD CONSTRAINT ballots_option_proposal_once UNIQUE (vote_id, proposal_id);

ALTER TABLE ONLY public.ballots_receiptmail
    ADD CONSTRAINT ballots_receiptmail_once UNIQUE (vote_id, person_id);

ALTER TABLE ONLY public.ballots_receiptmail
    ADD CONSTRAINT ballots_receiptmail_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ballots_slot
    ADD CONSTRAINT ballots_slot_pkey PRIMARY KEY (tag);

ALTER TABLE ONLY public.ballots_tally
    ADD CONSTRAINT ballots_tally_pkey PRIMARY KEY (vote_id);

ALTER TABLE ONLY public.ballots_treehead
    ADD CONSTRAINT ballots_treehead_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ballots_turnout
    ADD CONSTRAINT ballots_turnout_count_once UNIQUE (vote_id, count);

ALTER TABLE ONLY public.ballots_turnout
    ADD CONSTRAINT ballots_turnout_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ballots_vote
    ADD CONSTRAINT ballots_vote_pkey PRIMARY KEY (phase_id);

ALTER TABLE ONLY public.budgets_division
    ADD CONSTRAINT budgets_division_numbered UNIQUE (process_id, number);

ALTER TABLE ONLY public.budgets_division
    ADD CONSTRAINT budgets_division_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.budgets_envelope
    ADD CONSTRAINT budgets_envelope_once UNIQUE NULLS NOT DISTINCT (process_id, place_id);

ALTER TABLE ONLY public.budgets_envelope
    ADD CONSTRAINT budgets_envelope_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.budgets_share
    ADD CONSTRAINT budgets_share_once UNIQUE (division_id, place_id);

ALTER TABLE ONLY public.budgets_share
    ADD CONSTRAINT budgets_share_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_approval
    ADD CONSTRAINT cocreation_approval_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_attachment
    ADD CONSTRAINT cocreation_attachment_key_key UNIQUE (key);

ALTER TABLE ONLY public.cocreation_attachment
    ADD CONSTRAINT cocreation_attachment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_attachment
    ADD CONSTRAINT cocreation_attachment_stored_key UNIQUE (stored);

ALTER TABLE ONLY public.cocreation_changerecord
    ADD CONSTRAINT cocreation_changerecord_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_checksource
    ADD CONSTRAINT cocreation_checksource_once UNIQUE (process_id, adapter);

ALTER TABLE ONLY public.cocreation_checksource
    ADD CONSTRAINT cocreation_checksource_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_configchange
    ADD CONSTRAINT cocreation_configchange_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_configchange
    ADD CONSTRAINT cocreation_configchange_undoes_id_key UNIQUE (undoes_id);

ALTER TABLE ONLY public.cocreation_contribution
    ADD CONSTRAINT cocreation_contribution_copy_key UNIQUE (id, process_id, is_public);

ALTER TABLE ONLY public.cocreation_contribution
    ADD CONSTRAINT cocreation_contribution_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_contribution
    ADD CONSTRAINT cocreation_contribution_receipt_key UNIQUE (receipt);

ALTER TABLE ONLY public.cocreation_dryrun_people
    ADD CONSTRAINT cocreation_dryrun_people_dryrun_id_person_id_8880a7f1_uniq UNIQUE (dryrun_id, person_id);

ALTER TABLE ONLY public.cocreation_dryrun_people
    ADD CONSTRAINT cocreation_dryrun_people_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_dryrun
    ADD CONSTRAINT cocreation_dryrun_pkey PRIMARY KEY (process_id);

ALTER TABLE ONLY public.cocreation_eligibility
    ADD CONSTRAINT cocreation_eligibility_key_once UNIQUE (process_id, key);

ALTER TABLE ONLY public.cocreation_eligibility
    ADD CONSTRAINT cocreation_eligibility_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_follow
    ADD CONSTRAINT cocreation_follow_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_gateanswer
    ADD CONSTRAINT cocreation_gateanswer_once UNIQUE (process_id, item);

ALTER TABLE ONLY public.cocreation_gateanswer
    ADD CONSTRAINT cocreation_gateanswer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_group
    ADD CONSTRAINT cocreation_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_group
    ADD CONSTRAINT cocreation_group_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.cocreation_groupinvitation
    ADD CONSTRAINT cocreation_groupinvitation_code_key UNIQUE (code);

ALTER TABLE ONLY public.cocreation_groupinvitation
    ADD CONSTRAINT cocreation_groupinvitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_groupmembership
    ADD CONSTRAINT cocreation_groupmembership_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_hiding
    ADD CONSTRAINT cocreation_hiding_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_identifiedvisit
    ADD CONSTRAINT cocreation_identifiedvisit_pkey PRIMARY KEY (token);

ALTER TABLE ONLY public.cocreation_incomingpackage
    ADD CONSTRAINT cocreation_incomingpackage_pkey PRIMARY KEY (token);

ALTER TABLE ONLY public.cocreation_letterbatch
    ADD CONSTRAINT cocreation_letterbatch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_letterbatch
    ADD CONSTRAINT cocreation_letterbatch_token_key UNIQUE (token);

ALTER TABLE ONLY public.cocreation_lettercode
    ADD CONSTRAINT cocreation_lettercode_key_key UNIQUE (key);

ALTER TABLE ONLY public.cocreation_lettercode
    ADD CONSTRAINT cocreation_lettercode_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_lettercode
    ADD CONSTRAINT cocreation_lettercode_serial_once UNIQUE (batch_id, serial);

ALTER TABLE ONLY public.cocreation_office
    ADD CONSTRAINT cocreation_office_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_office
    ADD CONSTRAINT cocreation_office_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.cocreation_pendingact
    ADD CONSTRAINT cocreation_pendingact_pkey PRIMARY KEY (token);

ALTER TABLE ONLY public.cocreation_phase
    ADD CONSTRAINT cocreation_phase_key_once UNIQUE (process_id, key);

ALTER TABLE ONLY public.cocreation_phase
    ADD CONSTRAINT cocreation_phase_lane_no_overlap EXCLUDE USING gist (int8range(process_id, process_id, '[]'::text) WITH &&, int4range((lane)::integer, (lane)::integer, '[]'::text) WITH &&, tstzrange(starts, ends, '[)'::text) WITH &&) WHERE (((ends IS NOT NULL) AND (starts IS NOT NULL))) DEFERRABLE;

ALTER TABLE ONLY public.cocreation_phase
    ADD CONSTRAINT cocreation_phase_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_place
    ADD CONSTRAINT cocreation_place_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_place
    ADD CONSTRAINT cocreation_place_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.cocreation_previewlink
    ADD CONSTRAINT cocreation_previewlink_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_previewlink
    ADD CONSTRAINT cocreation_previewlink_token_key UNIQUE (token);

ALTER TABLE ONLY public.cocreation_privacyassessment
    ADD CONSTRAINT cocreation_privacyassessment_pkey PRIMARY KEY (process_id);

ALTER TABLE ONLY public.cocreation_process_contacts
    ADD CONSTRAINT cocreation_process_contacts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_process_contacts
    ADD CONSTRAINT cocreation_process_contacts_process_id_person_id_bb05dedc_uniq UNIQUE (process_id, person_id);

ALTER TABLE ONLY public.cocreation_process
    ADD CONSTRAINT cocreation_process_content_hash_key UNIQUE (content_hash);

ALTER TABLE ONLY public.cocreation_process
    ADD CONSTRAINT cocreation_process_one_dry_run UNIQUE (dry_run_of_id);

ALTER TABLE ONLY public.cocreation_process
    ADD CONSTRAINT cocreation_process_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_process_places
    ADD CONSTRAINT cocreation_process_places_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_process_places
    ADD CONSTRAINT cocreation_process_places_process_id_place_id_ed4a06ef_uniq UNIQUE (process_id, place_id);

ALTER TABLE ONLY public.cocreation_process
    ADD CONSTRAINT cocreation_process_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.cocreation_registerimport
    ADD CONSTRAINT cocreation_registerimport_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_registerimport
    ADD CONSTRAINT cocreation_registerimport_token_key UNIQUE (token);

ALTER TABLE ONLY public.cocreation_removedphase
    ADD CONSTRAINT cocreation_removedphase_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_rolegrant
    ADD CONSTRAINT cocreation_rolegrant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_savedrecipe
    ADD CONSTRAINT cocreation_savedrecipe_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_savedrecipe
    ADD CONSTRAINT cocreation_savedrecipe_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.cocreation_training
    ADD CONSTRAINT cocreation_training_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cocreation_withdrawal
    ADD CONSTRAINT cocreation_withdrawal_pkey PRIMARY KEY (contribution_id);

ALTER TABLE ONLY public.conversation_comment
    ADD CONSTRAINT conversation_comment_pkey PRIMARY KEY (contribution_id);

ALTER TABLE ONLY public.conversation_comment
    ADD CONSTRAINT conversation_comment_receipt_key UNIQUE (receipt);

ALTER TABLE ONLY public.conversation_commentrevision
    ADD CONSTRAINT conversation_commentrevision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversation_helpful
    ADD CONSTRAINT conversation_helpful_once_per_person UNIQUE (comment_id, person_id);

ALTER TABLE ONLY public.conversation_helpful
    ADD CONSTRAINT conversation_helpful_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversation_commentrevision
    ADD CONSTRAINT conversation_revision_number_once UNIQUE (comment_id, number);

ALTER TABLE ONLY public.conversation_summary
    ADD CONSTRAINT conversation_summary_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.council_consultation
    ADD CONSTRAINT council_consultation_once UNIQUE (paper_id, meeting);

ALTER TABLE ONLY public.council_consultation
    ADD CONSTRAINT council_consultation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.council_incouncil
    ADD CONSTRAINT council_incouncil_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.council_incouncil
    ADD CONSTRAINT council_link_once UNIQUE (contribution_id, paper_id);

ALTER TABLE ONLY public.council_meeting
    ADD CONSTRAINT council_meeting_once UNIQUE (source_id, oparl);

ALTER TABLE ONLY public.council_meeting
    ADD CONSTRAINT council_meeting_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.council_paper
    ADD CONSTRAINT council_paper_once UNIQUE (source_id, oparl);

ALTER TABLE ONLY public.council_paper
    ADD CONSTRAINT council_paper_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.council_source
    ADD CONSTRAINT council_source_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.council_source
    ADD CONSTRAINT council_source_url_key UNIQUE (url);

ALTER TABLE ONLY public.cowriting_draftupdate
    ADD CONSTRAINT cowriting_draftupdate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cowriting_shareddraft
    ADD CONSTRAINT cowriting_shareddraft_key_key UNIQUE (key);

ALTER TABLE ONLY public.cowriting_shareddraft
    ADD CONSTRAINT cowriting_shareddraft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.defects_defect
    ADD CONSTRAINT defects_defect_pkey PRIMARY KEY (contribution_id);

ALTER TABLE ONLY public.defects_defect
    ADD CONSTRAINT defects_defect_receipt_key UNIQUE (receipt);

ALTER TABLE ONLY public.defects_service
    ADD CONSTRAINT defects_service_code_key UNIQUE (code);

ALTER TABLE ONLY public.defects_service
    ADD CONSTRAINT defects_service_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.feedback_answerdraft
    ADD CONSTRAINT feedback_answerdraft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_commitment
    ADD CONSTRAINT feedback_commitment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_delay
    ADD CONSTRAINT feedback_delay_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_ending
    ADD CONSTRAINT feedback_ending_pkey PRIMARY KEY (commitment_id);

ALTER TABLE ONLY public.feedback_evaluationreport
    ADD CONSTRAINT feedback_evaluationreport_pkey PRIMARY KEY (process_id);

ALTER TABLE ONLY public.feedback_followup
    ADD CONSTRAINT feedback_followup_answer_id_key UNIQUE (answer_id);

ALTER TABLE ONLY public.feedback_followup
    ADD CONSTRAINT feedback_followup_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_handover
    ADD CONSTRAINT feedback_handover_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_helpful
    ADD CONSTRAINT feedback_helpful_once_per_person UNIQUE (answer_id, person_id);

ALTER TABLE ONLY public.feedback_helpful
    ADD CONSTRAINT feedback_helpful_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_milestone
    ADD CONSTRAINT feedback_milestone_order_once UNIQUE (commitment_id, "order");

ALTER TABLE ONLY public.feedback_milestone
    ADD CONSTRAINT feedback_milestone_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_officialanswer
    ADD CONSTRAINT feedback_officialanswer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_opinion
    ADD CONSTRAINT feedback_opinion_once_per_person UNIQUE (commitment_id, person_id);

ALTER TABLE ONLY public.feedback_opinion
    ADD CONSTRAINT feedback_opinion_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_plan
    ADD CONSTRAINT feedback_plan_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_planparagraph
    ADD CONSTRAINT feedback_planparagraph_in_order UNIQUE (plan_id, "order");

ALTER TABLE ONLY public.feedback_planparagraph
    ADD CONSTRAINT feedback_planparagraph_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_plansource
    ADD CONSTRAINT feedback_plansource_once UNIQUE (paragraph_id, contribution_id);

ALTER TABLE ONLY public.feedback_plansource
    ADD CONSTRAINT feedback_plansource_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_pledge
    ADD CONSTRAINT feedback_pledge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_posteranswer
    ADD CONSTRAINT feedback_posteranswer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_release
    ADD CONSTRAINT feedback_release_once UNIQUE (commitment_id, source, answers);

ALTER TABLE ONLY public.feedback_release
    ADD CONSTRAINT feedback_release_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_reopening
    ADD CONSTRAINT feedback_reopening_contribution_id_key UNIQUE (contribution_id);

ALTER TABLE ONLY public.feedback_reopening
    ADD CONSTRAINT feedback_reopening_pkey PRIMARY KEY (commitment_id);

ALTER TABLE ONLY public.feedback_replyclock
    ADD CONSTRAINT feedback_replyclock_pkey PRIMARY KEY (contribution_id);

ALTER TABLE ONLY public.feedback_replydate
    ADD CONSTRAINT feedback_replydate_pkey PRIMARY KEY (process_id);

ALTER TABLE ONLY public.feedback_replyreminder
    ADD CONSTRAINT feedback_replyreminder_once UNIQUE (office_id, process_id, due, step);

ALTER TABLE ONLY public.feedback_replyreminder
    ADD CONSTRAINT feedback_replyreminder_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_spending
    ADD CONSTRAINT feedback_spending_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_task
    ADD CONSTRAINT feedback_task_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.feedback_update
    ADD CONSTRAINT feedback_update_pkey PRIMARY KEY (contribution_id);

ALTER TABLE ONLY public.jobs_job
    ADD CONSTRAINT jobs_job_once UNIQUE (kind, key);

ALTER TABLE ONLY public.jobs_job
    ADD CONSTRAINT jobs_job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs_removal
    ADD CONSTRAINT jobs_removal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.jobs_run
    ADD CONSTRAINT jobs_run_pkey PRIMARY KEY (task);

ALTER TABLE ONLY public.journal_cursor
    ADD CONSTRAINT journal_cursor_pkey PRIMARY KEY (reader);

ALTER TABLE ONLY public.journal_entry
    ADD CONSTRAINT journal_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.journal_entry
    ADD CONSTRAINT journal_entry_seq_once UNIQUE (seq);

ALTER TABLE ONLY public.journal_seal
    ADD CONSTRAINT journal_seal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.merging_cluster
    ADD CONSTRAINT merging_cluster_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.merging_clustermember
    ADD CONSTRAINT merging_clustermember_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.merging_jointtext
    ADD CONSTRAINT merging_jointtext_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.merging_merge
    ADD CONSTRAINT merging_merge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.merging_mergepart
    ADD CONSTRAINT merging_mergepart_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.merging_mergepart
    ADD CONSTRAINT merging_part_once UNIQUE (merge_id, proposal_id);

ALTER TABLE ONLY public.merging_jointtext
    ADD CONSTRAINT merging_text_version_once UNIQUE (merge_id, version);

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moderation_appeal
    ADD CONSTRAINT moderation_appeal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moderation_case
    ADD CONSTRAINT moderation_case_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moderation_claim
    ADD CONSTRAINT moderation_claim_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moderation_decision
    ADD CONSTRAINT moderation_decision_hiding_id_key UNIQUE (hiding_id);

ALTER TABLE ONLY public.moderation_decision
    ADD CONSTRAINT moderation_decision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moderation_decision
    ADD CONSTRAINT moderation_decision_token_key UNIQUE (token);

ALTER TABLE ONLY public.moderation_fingerprint
    ADD CONSTRAINT moderation_fingerprint_pkey PRIMARY KEY (contribution_id);

ALTER TABLE ONLY public.moderation_mark
    ADD CONSTRAINT moderation_mark_once UNIQUE (case_id, kind);

ALTER TABLE ONLY public.moderation_mark
    ADD CONSTRAINT moderation_mark_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moderation_note
    ADD CONSTRAINT moderation_note_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moderation_report
    ADD CONSTRAINT moderation_report_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moderation_report
    ADD CONSTRAINT moderation_report_token_key UNIQUE (token);

ALTER TABLE ONLY public.moderation_rule
    ADD CONSTRAINT moderation_rule_once UNIQUE (process_id, slug);

ALTER TABLE ONLY public.moderation_rule
    ADD CONSTRAINT moderation_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moderation_watch
    ADD CONSTRAINT moderation_watch_pkey PRIMARY KEY (process_id);

ALTER TABLE ONLY public.notices_device
    ADD CONSTRAINT notices_device_endpoint_key UNIQUE (endpoint);

ALTER TABLE ONLY public.notices_device
    ADD CONSTRAINT notices_device_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_fanout
    ADD CONSTRAINT notices_fanout_pkey PRIMARY KEY (entry_id);

ALTER TABLE ONLY public.notices_mail
    ADD CONSTRAINT notices_mail_once UNIQUE (identity);

ALTER TABLE ONLY public.notices_mail
    ADD CONSTRAINT notices_mail_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_newsletter
    ADD CONSTRAINT notices_newsletter_entry_id_key UNIQUE (entry_id);

ALTER TABLE ONLY public.notices_newsletter
    ADD CONSTRAINT notices_newsletter_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_notice
    ADD CONSTRAINT notices_notice_once UNIQUE (person_id, entry_id);

ALTER TABLE ONLY public.notices_notice
    ADD CONSTRAINT notices_notice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_preference
    ADD CONSTRAINT notices_preference_once UNIQUE (person_id, kind);

ALTER TABLE ONLY public.notices_preference
    ADD CONSTRAINT notices_preference_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_push
    ADD CONSTRAINT notices_push_once UNIQUE (device_id, notice_id);

ALTER TABLE ONLY public.notices_push
    ADD CONSTRAINT notices_push_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notices_stopped
    ADD CONSTRAINT notices_stopped_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.notices_thingrhythm
    ADD CONSTRAINT notices_thingrhythm_pkey PRIMARY KEY (follow_id);

ALTER TABLE ONLY public.notices_wishes
    ADD CONSTRAINT notices_wishes_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.opendata_figure
    ADD CONSTRAINT opendata_figure_once UNIQUE (metric, at);

ALTER TABLE ONLY public.opendata_figure
    ADD CONSTRAINT opendata_figure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.opendata_releasefile
    ADD CONSTRAINT opendata_file_once UNIQUE (release_id, name);

ALTER TABLE ONLY public.opendata_processpackage
    ADD CONSTRAINT opendata_processpackage_pkey PRIMARY KEY (process_id);

ALTER TABLE ONLY public.opendata_release
    ADD CONSTRAINT opendata_release_number_once UNIQUE (dataset, number);

ALTER TABLE ONLY public.opendata_release
    ADD CONSTRAINT opendata_release_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.opendata_releasefile
    ADD CONSTRAINT opendata_releasefile_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.paperwork_batch
    ADD CONSTRAINT paperwork_batch_number_once UNIQUE (vote_id, number);

ALTER TABLE ONLY public.paperwork_batch
    ADD CONSTRAINT paperwork_batch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.paperwork_papercode
    ADD CONSTRAINT paperwork_code_serial_once UNIQUE (run_id, serial);

ALTER TABLE ONLY public.paperwork_finish
    ADD CONSTRAINT paperwork_finish_pkey PRIMARY KEY (vote_id);

ALTER TABLE ONLY public.paperwork_papercode
    ADD CONSTRAINT paperwork_papercode_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.paperwork_printrun
    ADD CONSTRAINT paperwork_printrun_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.paperwork_printrun
    ADD CONSTRAINT paperwork_run_number_once UNIQUE (vote_id, number);

ALTER TABLE ONLY public.paperwork_scan
    ADD CONSTRAINT paperwork_scan_key_key UNIQUE (key);

ALTER TABLE ONLY public.paperwork_scan
    ADD CONSTRAINT paperwork_scan_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.paperwork_scan
    ADD CONSTRAINT paperwork_scan_stored_key UNIQUE (stored);

ALTER TABLE ONLY public.paperwork_typed
    ADD CONSTRAINT paperwork_typed_once_a_side UNIQUE (batch_id, side, number);

ALTER TABLE ONLY public.paperwork_typed
    ADD CONSTRAINT paperwork_typed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.privacy_breach
    ADD CONSTRAINT privacy_breach_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.privacy_consent
    ADD CONSTRAINT privacy_consent_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.privacy_consenttext
    ADD CONSTRAINT privacy_consenttext_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.privacy_erasure
    ADD CONSTRAINT privacy_erasure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.privacy_export
    ADD CONSTRAINT privacy_export_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.privacy_noticereview
    ADD CONSTRAINT privacy_noticereview_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.privacy_noticeversion
    ADD CONSTRAINT privacy_noticeversion_number_key UNIQUE (number);

ALTER TABLE ONLY public.privacy_noticeversion
    ADD CONSTRAINT privacy_noticeversion_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.privacy_request
    ADD CONSTRAINT privacy_request_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_assessment
    ADD CONSTRAINT proposals_assessment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_assignment
    ADD CONSTRAINT proposals_assignment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_authorship
    ADD CONSTRAINT proposals_authorship_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_clarification
    ADD CONSTRAINT proposals_clarification_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_listcount
    ADD CONSTRAINT proposals_listcount_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_listexport
    ADD CONSTRAINT proposals_listexport_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_proposal
    ADD CONSTRAINT proposals_proposal_pkey PRIMARY KEY (contribution_id);

ALTER TABLE ONLY public.proposals_proposal
    ADD CONSTRAINT proposals_proposal_receipt_key UNIQUE (receipt);

ALTER TABLE ONLY public.proposals_revision
    ADD CONSTRAINT proposals_revision_number_once UNIQUE (proposal_id, number);

ALTER TABLE ONLY public.proposals_revision
    ADD CONSTRAINT proposals_revision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_searchword
    ADD CONSTRAINT proposals_searchword_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_shown
    ADD CONSTRAINT proposals_shown_once_a_day UNIQUE (proposal_id, day);

ALTER TABLE ONLY public.proposals_shown
    ADD CONSTRAINT proposals_shown_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_stagemove
    ADD CONSTRAINT proposals_stagemove_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_support
    ADD CONSTRAINT proposals_support_once_per_person UNIQUE (proposal_id, person_id);

ALTER TABLE ONLY public.proposals_support
    ADD CONSTRAINT proposals_support_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_takeover
    ADD CONSTRAINT proposals_takeover_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.proposals_textdraft
    ADD CONSTRAINT proposals_text_draft_once UNIQUE (proposal_id, person_id);

ALTER TABLE ONLY public.proposals_textdraft
    ADD CONSTRAINT proposals_textdraft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reach_answers
    ADD CONSTRAINT reach_answers_pkey PRIMARY KEY (handle);

ALTER TABLE ONLY public.reach_asking
    ADD CONSTRAINT reach_asking_once UNIQUE NULLS NOT DISTINCT (process_id);

ALTER TABLE ONLY public.reach_asking
    ADD CONSTRAINT reach_asking_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reach_cell
    ADD CONSTRAINT reach_cell_once UNIQUE (process_id, question, answer);

ALTER TABLE ONLY public.reach_cell
    ADD CONSTRAINT reach_cell_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reach_population
    ADD CONSTRAINT reach_population_once UNIQUE (question, answer);

ALTER TABLE ONLY public.reach_population
    ADD CONSTRAINT reach_population_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.searches_savedsearch
    ADD CONSTRAINT searches_name_once UNIQUE (person_id, name);

ALTER TABLE ONLY public.searches_savedsearch
    ADD CONSTRAINT searches_savedsearch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tokens_token
    ADD CONSTRAINT tokens_token_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.tokens_token
    ADD CONSTRAINT tokens_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.variants_annotation
    ADD CONSTRAINT variants_annotation_number_once UNIQUE (variant_id, number);

ALTER TABLE ONLY public.variants_annotation
    ADD CONSTRAINT variants_annotation_pkey PRIMARY KEY (contribution_id);

ALTER TABLE ONLY public.variants_preference
    ADD CONSTRAINT variants_preference_once_per_person UNIQUE (variant_id, person_id);

ALTER TABLE ONLY public.variants_preference
    ADD CONSTRAINT variants_preference_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.variants_variant
    ADD CONSTRAINT variants_variant_number_once UNIQUE (proposal_id, number);

ALTER TABLE ONLY public.variants_variant
    ADD CONSTRAINT variants_variant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webapi_keptanswer
    ADD CONSTRAINT webapi_answer_once UNIQUE (person_id, key);

ALTER TABLE ONLY public.webapi_keptanswer
    ADD CONSTRAINT webapi_keptanswer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhooks_delivery
    ADD CONSTRAINT webhooks_delivery_message_key UNIQUE (message);

ALTER TABLE ONLY public.webhooks_delivery
    ADD CONSTRAINT webhooks_delivery_once UNIQUE (webhook_id, entry_id);

ALTER TABLE ONLY public.webhooks_delivery
    ADD CONSTRAINT webhooks_delivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhooks_webhook
    ADD CONSTRAINT webhooks_webhook_pkey PRIMARY KEY (id);

CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);

CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);

CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);

CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);

CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);

CREATE INDEX accounts_membership_confirmed_by_id_36f82ce3 ON public.accounts_membership USING btree (confirmed_by_id);

CREATE INDEX accounts_membership_organisation_id_98e5c22b ON public.accounts_membership USING btree (organisation_id);

CREATE INDEX accounts_membership_person_id_cd00e383 ON public.accounts_membership USING btree (person_id);

CREATE INDEX accounts_organisation_confirmed_by_id_c7405eff ON public.accounts_organisation USING btree (confirmed_by_id);

CREATE INDEX accounts_organisation_slug_43a9054f_like ON public.accounts_organisation USING btree (slug varchar_pattern_ops);

CREATE UNIQUE INDEX accounts_person_email_once ON public.accounts_person USING btree (lower((email)::text));

CREATE INDEX accounts_person_groups_group_id_2455a92a ON public.accounts_person_groups USING btree (group_id);

CREATE INDEX accounts_person_groups_person_id_0267a8e2 ON public.accounts_person_groups USING btree (person_id);

CREATE INDEX accounts_person_place_d0e3101d ON public.accounts_person USING btree (place);

CREATE INDEX accounts_person_place_d0e3101d_like ON public.accounts_person USING btree (place varchar_pattern_ops);

CREATE INDEX accounts_person_user_permissions_permission_id_ef54d0fe ON public.accounts_person_user_permissions USING btree (permission_id);

CREATE INDEX accounts_person_user_permissions_person_id_f01807a9 ON public.accounts_person_user_permissions USING btree (person_id);

CREATE UNIQUE INDEX accounts_verification_one_valid ON public.accounts_verification USING btree (person_id) WHERE (revoked_at IS NULL);

CREATE INDEX accounts_verification_person_id_f03e8559 ON public.accounts_verification USING btree (person_id);

CREATE INDEX accounts_verification_residence_5da3b419 ON public.accounts_verification USING btree (residence);

CREATE INDEX accounts_verification_residence_5da3b419_like ON public.accounts_verification USING btree (residence varchar_pattern_ops);

CREATE INDEX accounts_verification_verified_by_id_d0ccdedc ON public.accounts_verification USING btree (verified_by_id);

CREATE INDEX amendments_amendment_process_id_97627734 ON public.amendments_amendment USING btree (process_id);

CREATE INDEX amendments_amendment_proposal_id_99ae4784 ON public.amendments_amendment USING btree (proposal_id);

CREATE INDEX amendments_amendment_receipt_4e086ff1_like ON public.amendments_amendment USING btree (receipt varchar_pattern_ops);

CREATE INDEX amendments_amendment_revision_id_4be51e3e ON public.amendments_amendment USING btree (revision_id);

CREATE INDEX amendments_decision_by_id_aa76c201 ON public.amendments_decision USING btree (by_id);

CREATE INDEX amendments_of_proposal ON public.amendments_amendment USING btree (proposal_id, contribution_id DESC) WHERE is_public;

CREATE INDEX amendments_opinion_person_id_3d35bbc8 ON public.amendments_opinion USING btree (person_id);

CREATE INDEX amendments_opinion_poll_id_b6257aa6 ON public.amendments_opinion USING btree (poll_id);

CREATE INDEX amendments_poll_by_id_86bdd2d4 ON public.amendments_poll USING btree (by_id);

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX ballots_ballotoption_proposal_id_74eba4be ON public.ballots_ballotoption USING btree (proposal_id);

CREATE INDEX ballots_ballotoption_vote_id_4c628884 ON public.ballots_ballotoption USING btree (vote_id);

CREATE INDEX ballots_boardleaf_vote_id_d9a82a6f ON public.ballots_boardleaf USING btree (vote_id);

CREATE INDEX ballots_castballot_vote_id_84bdd4a6 ON public.ballots_castballot USING btree (vote_id);

CREATE INDEX ballots_head_newest ON public.ballots_treehead USING btree (at DESC, id DESC);

CREATE INDEX ballots_receiptmail_person_id_977fe47f ON public.ballots_receiptmail USING btree (person_id);

CREATE INDEX ballots_receiptmail_vote_id_e4a19032 ON public.ballots_receiptmail USING btree (vote_id);

CREATE INDEX ballots_receiptmail_waiting ON public.ballots_receiptmail USING btree (attempts, person_id) WHERE (posted_at IS NULL);

CREATE INDEX ballots_slot_vote_id_a635c974 ON public.ballots_slot USING btree (vote_id);

CREATE INDEX ballots_tally_newest ON public.ballots_tally USING btree (at DESC, vote_id DESC);

CREATE INDEX ballots_tally_rule_7ca9a71b ON public.ballots_tally USING btree (rule);

CREATE INDEX ballots_tally_rule_7ca9a71b_like ON public.ballots_tally USING btree (rule varchar_pattern_ops);

CREATE INDEX ballots_treehead_vote_id_2d6ef002 ON public.ballots_treehead USING btree (vote_id);

CREATE INDEX ballots_turnout_newest ON public.ballots_turnout USING btree (vote_id, at DESC);

CREATE INDEX ballots_turnout_vote_id_36d884b8 ON public.ballots_turnout USING btree (vote_id);

CREATE INDEX ballots_vote_rule_2eb88600 ON public.ballots_vote USING btree (rule);

CREATE INDEX ballots_vote_rule_2eb88600_like ON public.ballots_vote USING btree (rule varchar_pattern_ops);

CREATE INDEX ballots_vote_tie_rule_6d06e34f ON public.ballots_vote USING btree (tie_rule);

CREATE INDEX ballots_vote_tie_rule_6d06e34f_like ON public.ballots_vote USING btree (tie_rule varchar_pattern_ops);

CREATE INDEX budgets_division_process_id_9aa80e11 ON public.budgets_division USING btree (process_id);

CREATE INDEX budgets_envelope_place_id_142cf200 ON public.budgets_envelope USING btree (place_id);

CREATE INDEX budgets_envelope_process_id_a48cf32c ON public.budgets_envelope USING btree (process_id);

CREATE INDEX budgets_share_division_id_416040a0 ON public.budgets_share USING btree (division_id);

CREATE INDEX budgets_share_place_id_2a745fd1 ON public.budgets_share USING btree (place_id);

CREATE INDEX cocreation_approval_about_id_ebd89e57 ON public.cocreation_approval USING btree (about_id);

CREATE INDEX cocreation_approval_approved_by_id_f6be12a7 ON public.cocreation_approval USING btree (approved_by_id);

CREATE INDEX cocreation_approval_asked_by_id_d3fee631 ON public.cocreation_approval USING btree (asked_by_id);

CREATE UNIQUE INDEX cocreation_approval_asked_once ON public.cocreation_approval USING btree (what, subject_label, subject_key) WHERE ((approved_at IS NULL) AND (declined_at IS NULL));

CREATE INDEX cocreation_approval_declined_by_id_a4bcfb6b ON public.cocreation_approval USING btree (declined_by_id);

CREATE INDEX cocreation_approval_of ON public.cocreation_approval USING btree (subject_label, subject_key);

CREATE INDEX cocreation_approval_process_id_c98dd1d1 ON public.cocreation_approval USING btree (process_id);

CREATE INDEX cocreation_approval_what_af16aacf ON public.cocreation_approval USING btree (what);

CREATE INDEX cocreation_approval_what_af16aacf_like ON public.cocreation_approval USING btree (what varchar_pattern_ops);

CREATE INDEX cocreation_attachment_contribution_id_57924cd2 ON public.cocreation_attachment USING btree (contribution_id);

CREATE INDEX cocreation_attachment_draft ON public.cocreation_attachment USING btree (draft) WHERE (contribution_id IS NULL);

CREATE INDEX cocreation_attachment_key_dbd8b822_like ON public.cocreation_attachment USING btree (key varchar_pattern_ops);

CREATE INDEX cocreation_attachment_of ON public.cocreation_attachment USING btree (contribution_id, "order", id);

CREATE INDEX cocreation_attachment_stored_530f464d_like ON public.cocreation_attachment USING btree (stored varchar_pattern_ops);

CREATE INDEX cocreation_attachment_type_268ea11d ON public.cocreation_attachment USING btree (type);

CREATE INDEX cocreation_attachment_type_268ea11d_like ON public.cocreation_attachment USING btree (type varchar_pattern_ops);

CREATE INDEX cocreation_attachment_uploaded_by_id_ba6850d2 ON public.cocreation_attachment USING btree (uploaded_by_id);

CREATE INDEX cocreation_changerecord_by_id_49fe94e8 ON public.cocreation_changerecord USING btree (by_id);

CREATE INDEX cocreation_changerecord_process_id_2f403ef4 ON public.cocreation_changerecord USING btree (process_id);

CREATE INDEX cocreation_checksource_adapter_282f5e32 ON public.cocreation_checksource USING btree (adapter);

CREATE INDEX cocreation_checksource_adapter_282f5e32_like ON public.cocreation_checksource USING btree (adapter varchar_pattern_ops);

CREATE INDEX cocreation_checksource_process_id_d7c8c4ed ON public.cocreation_checksource USING btree (process_id);

CREATE INDEX cocreation_config_by_process ON public.cocreation_configchange USING btree (process_id, id DESC);

CREATE INDEX cocreation_configchange_by_id_1beb0635 ON public.cocreation_configchange USING btree (by_id);

CREATE INDEX cocreation_configchange_part_af38a7bb ON public.cocreation_configchange USING btree (part);

CREATE INDEX cocreation_configchange_part_af38a7bb_like ON public.cocreation_configchange USING btree (part varchar_pattern_ops);

CREATE INDEX cocreation_configchange_process_id_c1fb73c5 ON public.cocreation_configchange USING btree (process_id);

CREATE INDEX cocreation_configchange_what_80d0789f ON public.cocreation_configchange USING btree (what);

CREATE INDEX cocreation_configchange_what_80d0789f_like ON public.cocreation_configchange USING btree (what varchar_pattern_ops);

CREATE INDEX cocreation_contrib_author ON public.cocreation_contribution USING btree (author_id, id DESC);

CREATE INDEX cocreation_contrib_public ON public.cocreation_contribution USING btree (process_id, kind, id DESC) WHERE is_public;

CREATE INDEX cocreation_contribution_author_id_ce51d846 ON public.cocreation_contribution USING btree (author_id);

CREATE INDEX cocreation_contribution_kind_15de7604 ON public.cocreation_contribution USING btree (kind);

CREATE INDEX cocreation_contribution_kind_15de7604_like ON public.cocreation_contribution USING btree (kind varchar_pattern_ops);

CREATE INDEX cocreation_contribution_organisation_id_9f30c137 ON public.cocreation_contribution USING btree (organisation_id);

CREATE INDEX cocreation_contribution_phase_id_6c5cf654 ON public.cocreation_contribution USING btree (phase_id);

CREATE INDEX cocreation_contribution_process_id_fe6ad26c ON public.cocreation_contribution USING btree (process_id);

CREATE INDEX cocreation_contribution_receipt_73c74759_like ON public.cocreation_contribution USING btree (receipt varchar_pattern_ops);

CREATE INDEX cocreation_dryrun_made_by_id_bbe57b9a ON public.cocreation_dryrun USING btree (made_by_id);

CREATE INDEX cocreation_dryrun_people_dryrun_id_3e973ed1 ON public.cocreation_dryrun_people USING btree (dryrun_id);

CREATE INDEX cocreation_dryrun_people_person_id_9b089e11 ON public.cocreation_dryrun_people USING btree (person_id);

CREATE INDEX cocreation_elig_lookup ON public.cocreation_eligibility USING btree (process_id, lookup) WHERE (lookup IS NOT NULL);

CREATE INDEX cocreation_eligibility_person_id_01656c9a ON public.cocreation_eligibility USING btree (person_id);

CREATE UNIQUE INDEX cocreation_eligibility_person_once ON public.cocreation_eligibility USING btree (process_id, person_id) WHERE ((person_id IS NOT NULL) AND (revoked_at IS NULL));

CREATE INDEX cocreation_eligibility_process_id_7dc33427 ON public.cocreation_eligibility USING btree (process_id);

CREATE INDEX cocreation_eligibility_residence_4cf6a424 ON public.cocreation_eligibility USING btree (residence);

CREATE INDEX cocreation_eligibility_residence_4cf6a424_like ON public.cocreation_eligibility USING btree (residence varchar_pattern_ops);

CREATE INDEX cocreation_eligibility_seen_in_id_afc084d4 ON public.cocreation_eligibility USING btree (seen_in_id);

CREATE INDEX cocreation_follow_contribution_id_c07a6242 ON public.cocreation_follow USING btree (contribution_id);

CREATE UNIQUE INDEX cocreation_follow_contribution_once ON public.cocreation_follow USING btree (person_id, contribution_id) WHERE (contribution_id IS NOT NULL);

CREATE INDEX cocreation_follow_of ON public.cocreation_follow USING btree (contribution_id, person_id);

CREATE INDEX cocreation_follow_person_id_92ea11de ON public.cocreation_follow USING btree (person_id);

CREATE INDEX cocreation_follow_place_id_fc3ac230 ON public.cocreation_follow USING btree (place_id);

CREATE UNIQUE INDEX cocreation_follow_place_once ON public.cocreation_follow USING btree (person_id, place_id) WHERE (place_id IS NOT NULL);

CREATE INDEX cocreation_follow_process_id_80a7502f ON public.cocreation_follow USING btree (process_id);

CREATE UNIQUE INDEX cocreation_follow_process_once ON public.cocreation_follow USING btree (person_id, process_id) WHERE (process_id IS NOT NULL);

CREATE INDEX cocreation_follow_theme_b65bb10d ON public.cocreation_follow USING btree (theme);

CREATE INDEX cocreation_follow_theme_b65bb10d_like ON public.cocreation_follow USING btree (theme varchar_pattern_ops);

CREATE UNIQUE INDEX cocreation_follow_theme_once ON public.cocreation_follow USING btree (person_id, theme) WHERE (theme IS NOT NULL);

CREATE INDEX cocreation_gateanswer_process_id_af37ed1f ON public.cocreation_gateanswer USING btree (process_id);

CREATE INDEX cocreation_gateanswer_waived_by_id_49238783 ON public.cocreation_gateanswer USING btree (waived_by_id);

CREATE INDEX cocreation_group_process_id_109746b8 ON public.cocreation_group USING btree (process_id);

CREATE INDEX cocreation_group_slug_13e9ccf7_like ON public.cocreation_group USING btree (slug varchar_pattern_ops);

CREATE INDEX cocreation_groupinvitation_code_8a71d56a_like ON public.cocreation_groupinvitation USING btree (code varchar_pattern_ops);

CREATE INDEX cocreation_groupinvitation_created_by_id_8bd18290 ON public.cocreation_groupinvitation USING btree (created_by_id);

CREATE INDEX cocreation_groupinvitation_group_id_5784bb46 ON public.cocreation_groupinvitation USING btree (group_id);

CREATE INDEX cocreation_groupmembership_added_by_id_706c3d1d ON public.cocreation_groupmembership USING btree (added_by_id);

CREATE INDEX cocreation_groupmembership_group_id_1d92d88b ON public.cocreation_groupmembership USING btree (group_id);

CREATE UNIQUE INDEX cocreation_groupmembership_once ON public.cocreation_groupmembership USING btree (group_id, person_id) WHERE (ended_at IS NULL);

CREATE INDEX cocreation_groupmembership_person_id_c2182b34 ON public.cocreation_groupmembership USING btree (person_id);

CREATE INDEX cocreation_hiding_by_id_e3dfd185 ON public.cocreation_hiding USING btree (by_id);

CREATE INDEX cocreation_hiding_contribution_id_5a6e657f ON public.cocreation_hiding USING btree (contribution_id);

CREATE INDEX cocreation_hiding_lifted_by_id_449a177f ON public.cocreation_hiding USING btree (lifted_by_id);

CREATE UNIQUE INDEX cocreation_hiding_one_at_a_time ON public.cocreation_hiding USING btree (contribution_id) WHERE (lifted_at IS NULL);

CREATE INDEX cocreation_identifiedvisit_code_id_82d2988f ON public.cocreation_identifiedvisit USING btree (code_id);

CREATE INDEX cocreation_identifiedvisit_entry_id_40b1ab70 ON public.cocreation_identifiedvisit USING btree (entry_id);

CREATE INDEX cocreation_identifiedvisit_process_id_d7c01d41 ON public.cocreation_identifiedvisit USING btree (process_id);

CREATE INDEX cocreation_identifiedvisit_token_72d6b6c4_like ON public.cocreation_identifiedvisit USING btree (token varchar_pattern_ops);

CREATE INDEX cocreation_incoming_expiry ON public.cocreation_incomingpackage USING btree (expires_at);

CREATE INDEX cocreation_incomingpackage_by_id_7461b0ef ON public.cocreation_incomingpackage USING btree (by_id);

CREATE INDEX cocreation_incomingpackage_token_34a154d3_like ON public.cocreation_incomingpackage USING btree (token varchar_pattern_ops);

CREATE INDEX cocreation_letterbatch_failure_1e44b1df ON public.cocreation_letterbatch USING btree (failure);

CREATE INDEX cocreation_letterbatch_failure_1e44b1df_like ON public.cocreation_letterbatch USING btree (failure varchar_pattern_ops);

CREATE INDEX cocreation_letterbatch_made_by_id_9c908136 ON public.cocreation_letterbatch USING btree (made_by_id);

CREATE INDEX cocreation_letterbatch_place_443ea51d ON public.cocreation_letterbatch USING btree (place);

CREATE INDEX cocreation_letterbatch_place_443ea51d_like ON public.cocreation_letterbatch USING btree (place varchar_pattern_ops);

CREATE INDEX cocreation_letterbatch_process_id_e5606cad ON public.cocreation_letterbatch USING btree (process_id);

CREATE INDEX cocreation_letterbatch_token_c0605b62_like ON public.cocreation_letterbatch USING btree (token varchar_pattern_ops);

CREATE INDEX cocreation_lettercode_batch_id_41622f76 ON public.cocreation_lettercode USING btree (batch_id);

CREATE INDEX cocreation_lettercode_entry_id_4bc42157 ON public.cocreation_lettercode USING btree (entry_id);

CREATE INDEX cocreation_office_slug_4c796ad2_like ON public.cocreation_office USING btree (slug varchar_pattern_ops);

CREATE INDEX cocreation_pending_expiry ON public.cocreation_pendingact USING btree (expires_at);

CREATE INDEX cocreation_pendingact_act_d19271c9 ON public.cocreation_pendingact USING btree (act);

CREATE INDEX cocreation_pendingact_act_d19271c9_like ON public.cocreation_pendingact USING btree (act varchar_pattern_ops);

CREATE INDEX cocreation_pendingact_completed_by_id_f7c09ea4 ON public.cocreation_pendingact USING btree (completed_by_id);

CREATE INDEX cocreation_pendingact_person_id_c5dfaefc ON public.cocreation_pendingact USING btree (person_id);

CREATE INDEX cocreation_pendingact_process_id_99b13675 ON public.cocreation_pendingact USING btree (process_id);

CREATE INDEX cocreation_pendingact_token_733882c8_like ON public.cocreation_pendingact USING btree (token varchar_pattern_ops);

CREATE INDEX cocreation_phase_changed_by_id_bacf0253 ON public.cocreation_phase USING btree (changed_by_id);

CREATE INDEX cocreation_phase_key_ae1beae0 ON public.cocreation_phase USING btree (key);

CREATE INDEX cocreation_phase_key_ae1beae0_like ON public.cocreation_phase USING btree (key varchar_pattern_ops);

CREATE INDEX cocreation_phase_method_681aa904 ON public.cocreation_phase USING btree (method);

CREATE INDEX cocreation_phase_method_681aa904_like ON public.cocreation_phase USING btree (method varchar_pattern_ops);

CREATE INDEX cocreation_phase_process_id_a8a9d3e8 ON public.cocreation_phase USING btree (process_id);

CREATE INDEX cocreation_phase_time ON public.cocreation_phase USING btree (starts, ends);

CREATE INDEX cocreation_place_parent_id_e348d4ed ON public.cocreation_place USING btree (parent_id);

CREATE INDEX cocreation_place_slug_09c4bd70_like ON public.cocreation_place USING btree (slug varchar_pattern_ops);

CREATE INDEX cocreation_previewlink_created_by_id_8e5cca03 ON public.cocreation_previewlink USING btree (created_by_id);

CREATE INDEX cocreation_previewlink_process_id_87e64e8b ON public.cocreation_previewlink USING btree (process_id);

CREATE INDEX cocreation_previewlink_token_14da04fc_like ON public.cocreation_previewlink USING btree (token varchar_pattern_ops);

CREATE INDEX cocreation_privacyassessment_signed_by_id_91daee83 ON public.cocreation_privacyassessment USING btree (signed_by_id);

CREATE INDEX cocreation_privacyassessment_written_by_id_7f582d1c ON public.cocreation_privacyassessment USING btree (written_by_id);

CREATE INDEX cocreation_process_changed_by_id_388cc688 ON public.cocreation_process USING btree (changed_by_id);

CREATE INDEX cocreation_process_contacts_person_id_ab7dd0a1 ON public.cocreation_process_contacts USING btree (person_id);

CREATE INDEX cocreation_process_contacts_process_id_c68c351a ON public.cocreation_process_contacts USING btree (process_id);

CREATE INDEX cocreation_process_content_hash_0a438907_like ON public.cocreation_process USING btree (content_hash varchar_pattern_ops);

CREATE INDEX cocreation_process_created_by_id_1dbe9551 ON public.cocreation_process USING btree (created_by_id);

CREATE INDEX cocreation_process_dry_run_of_id_64bee9f3 ON public.cocreation_process USING btree (dry_run_of_id);

CREATE INDEX cocreation_process_office_id_adc15914 ON public.cocreation_process USING btree (office_id);

CREATE INDEX cocreation_process_places_place_id_60163a73 ON public.cocreation_process_places USING btree (place_id);

CREATE INDEX cocreation_process_places_process_id_7e1377a6 ON public.cocreation_process_places USING btree (process_id);

CREATE INDEX cocreation_process_recipe_36cda6cb ON public.cocreation_process USING btree (recipe);

CREATE INDEX cocreation_process_recipe_36cda6cb_like ON public.cocreation_process USING btree (recipe varchar_pattern_ops);

CREATE INDEX cocreation_process_slug_1a974681_like ON public.cocreation_process USING btree (slug varchar_pattern_ops);

CREATE INDEX cocreation_registerimport_failure_4cfe2fbb ON public.cocreation_registerimport USING btree (failure);

CREATE INDEX cocreation_registerimport_failure_4cfe2fbb_like ON public.cocreation_registerimport USING btree (failure varchar_pattern_ops);

CREATE INDEX cocreation_registerimport_made_by_id_308a6bba ON public.cocreation_registerimport USING btree (made_by_id);

CREATE UNIQUE INDEX cocreation_registerimport_one_at_a_time ON public.cocreation_registerimport USING btree (process_id) WHERE ((state)::text = ANY (ARRAY[('queued'::character varying)::text, ('running'::character varying)::text]));

CREATE INDEX cocreation_registerimport_process_id_0d0f50c4 ON public.cocreation_registerimport USING btree (process_id);

CREATE INDEX cocreation_registerimport_token_0a64a48f_like ON public.cocreation_registerimport USING btree (token varchar_pattern_ops);

CREATE INDEX cocreation_removedphase_process_id_1ce5d532 ON public.cocreation_removedphase USING btree (process_id);

CREATE INDEX cocreation_removedphase_removed_by_id_b7c233a8 ON public.cocreation_removedphase USING btree (removed_by_id);

CREATE INDEX cocreation_rolegrant_ended_by_id_b30f4306 ON public.cocreation_rolegrant USING btree (ended_by_id);

CREATE INDEX cocreation_rolegrant_granted_by_id_01299243 ON public.cocreation_rolegrant USING btree (granted_by_id);

CREATE INDEX cocreation_rolegrant_office_id_426949f5 ON public.cocreation_rolegrant USING btree (office_id);

CREATE UNIQUE INDEX cocreation_rolegrant_once ON public.cocreation_rolegrant USING btree (person_id, role, office_id, place_id, process_id) NULLS NOT DISTINCT WHERE ((ended_at IS NULL) AND (ends IS NULL));

CREATE INDEX cocreation_rolegrant_person_id_d61be568 ON public.cocreation_rolegrant USING btree (person_id);

CREATE INDEX cocreation_rolegrant_place_id_ecca084d ON public.cocreation_rolegrant USING btree (place_id);

CREATE INDEX cocreation_rolegrant_process_id_7af01d46 ON public.cocreation_rolegrant USING btree (process_id);

CREATE INDEX cocreation_savedrecipe_from_process_id_c38cdc92 ON public.cocreation_savedrecipe USING btree (from_process_id);

CREATE INDEX cocreation_savedrecipe_picture_4a419641 ON public.cocreation_savedrecipe USING btree (picture);

CREATE INDEX cocreation_savedrecipe_picture_4a419641_like ON public.cocreation_savedrecipe USING btree (picture varchar_pattern_ops);

CREATE INDEX cocreation_savedrecipe_removed_by_id_d69d0609 ON public.cocreation_savedrecipe USING btree (removed_by_id);

CREATE INDEX cocreation_savedrecipe_saved_by_id_7ca44089 ON public.cocreation_savedrecipe USING btree (saved_by_id);

CREATE INDEX cocreation_savedrecipe_slug_e808b030_like ON public.cocreation_savedrecipe USING btree (slug varchar_pattern_ops);

CREATE INDEX cocreation_training_person_id_ca9b4d43 ON public.cocreation_training USING btree (person_id);

CREATE INDEX cocreation_training_recorded_by_id_e73619c6 ON public.cocreation_training USING btree (recorded_by_id);

CREATE INDEX cocreation_training_withdrawn_by_id_f767ff5e ON public.cocreation_training USING btree (withdrawn_by_id);

CREATE INDEX cocreation_visit_expiry ON public.cocreation_identifiedvisit USING btree (expires_at);

CREATE INDEX cocreation_withdrawal_by_id_2727649f ON public.cocreation_withdrawal USING btree (by_id);

CREATE INDEX conversation_comment_office_id_a2235205 ON public.conversation_comment USING btree (office_id);

CREATE INDEX conversation_comment_on_id_34975e1e ON public.conversation_comment USING btree (on_id);

CREATE INDEX conversation_comment_parent_id_b818f835 ON public.conversation_comment USING btree (parent_id);

CREATE INDEX conversation_comment_phase_id_9db5b876 ON public.conversation_comment USING btree (phase_id);

CREATE INDEX conversation_comment_process_id_8eec379f ON public.conversation_comment USING btree (process_id);

CREATE INDEX conversation_comment_receipt_a1070a22_like ON public.conversation_comment USING btree (receipt varchar_pattern_ops);

CREATE INDEX conversation_commentrevision_by_id_798f3b16 ON public.conversation_commentrevision USING btree (by_id);

CREATE INDEX conversation_commentrevision_comment_id_3e24223a ON public.conversation_commentrevision USING btree (comment_id);

CREATE UNIQUE INDEX conversation_concluded_once_phase ON public.conversation_summary USING btree (phase_id) WHERE (closes AND (phase_id IS NOT NULL));

CREATE UNIQUE INDEX conversation_concluded_once_thing ON public.conversation_summary USING btree (on_id) WHERE (closes AND (on_id IS NOT NULL));

CREATE INDEX conversation_helpful_comment_id_cf51d4d7 ON public.conversation_helpful USING btree (comment_id);

CREATE INDEX conversation_helpful_mine ON public.conversation_helpful USING btree (person_id, comment_id);

CREATE INDEX conversation_helpful_person_id_93fd017b ON public.conversation_helpful USING btree (person_id);

CREATE INDEX conversation_newest ON public.conversation_comment USING btree (process_id, contribution_id DESC) WHERE is_public;

CREATE INDEX conversation_of_phase ON public.conversation_comment USING btree (phase_id, contribution_id DESC) WHERE (parent_id IS NULL);

CREATE INDEX conversation_of_thing ON public.conversation_comment USING btree (on_id, contribution_id DESC) WHERE (parent_id IS NULL);

CREATE INDEX conversation_on_top ON public.conversation_comment USING btree (on_id, pinned_at DESC) WHERE (pinned_at IS NOT NULL);

CREATE INDEX conversation_phase_counts ON public.conversation_comment USING btree (phase_id, parent_id, stance) WHERE (is_public AND (phase_id IS NOT NULL));

CREATE INDEX conversation_phase_helpful ON public.conversation_comment USING btree (phase_id, helpful DESC, contribution_id DESC) WHERE (parent_id IS NULL);

CREATE INDEX conversation_summary_by_id_53e0241c ON public.conversation_summary USING btree (by_id);

CREATE INDEX conversation_summary_office_id_3cbcea06 ON public.conversation_summary USING btree (office_id);

CREATE INDEX conversation_summary_on_id_8b774756 ON public.conversation_summary USING btree (on_id);

CREATE INDEX conversation_summary_phase_id_9789b66d ON public.conversation_summary USING btree (phase_id);

CREATE INDEX conversation_summary_process_id_68fc065f ON public.conversation_summary USING btree (process_id);

CREATE INDEX conversation_thing_counts ON public.conversation_comment USING btree (on_id, parent_id, stance) WHERE (is_public AND (on_id IS NOT NULL));

CREATE INDEX conversation_thing_helpful ON public.conversation_comment USING btree (on_id, helpful DESC, contribution_id DESC) WHERE (parent_id IS NULL);

CREATE INDEX council_consultation_meeting_3a187b5f ON public.council_consultation USING btree (meeting);

CREATE INDEX council_consultation_meeting_3a187b5f_like ON public.council_consultation USING btree (meeting varchar_pattern_ops);

CREATE INDEX council_consultation_paper_id_547c3891 ON public.council_consultation USING btree (paper_id);

CREATE INDEX council_incouncil_contribution_id_999e670c ON public.council_incouncil USING btree (contribution_id);

CREATE INDEX council_incouncil_paper_id_d6044cd9 ON public.council_incouncil USING btree (paper_id);

CREATE INDEX council_meeting_source_id_4f853ba4 ON public.council_meeting USING btree (source_id);

CREATE INDEX council_paper_addresses ON public.council_paper USING gin (addresses);

CREATE INDEX council_paper_naming_us ON public.council_paper USING btree (source_id) WHERE (NOT (receipts = '{}'::character varying(16)[]));

CREATE INDEX council_paper_source_id_23f88e91 ON public.council_paper USING btree (source_id);

CREATE INDEX council_source_made_by_id_635215db ON public.council_source USING btree (made_by_id);

CREATE INDEX council_source_url_4f4f7d29_like ON public.council_source USING btree (url varchar_pattern_ops);

CREATE INDEX cowriting_discarded ON public.cowriting_shareddraft USING btree (discarded_at) WHERE (discarded_at IS NOT NULL);

CREATE INDEX cowriting_draftupdate_by_id_7b42067b ON public.cowriting_draftupdate USING btree (by_id);

CREATE INDEX cowriting_draftupdate_draft_id_db46f7aa ON public.cowriting_draftupdate USING btree (draft_id);

CREATE UNIQUE INDEX cowriting_one_open_draft ON public.cowriting_shareddraft USING btree (proposal_id) WHERE ((discarded_at IS NULL) AND (published_at IS NULL));

CREATE INDEX cowriting_shareddraft_created_by_id_e31376f6 ON public.cowriting_shareddraft USING btree (created_by_id);

CREATE INDEX cowriting_shareddraft_discarded_by_id_2068c3b3 ON public.cowriting_shareddraft USING btree (discarded_by_id);

CREATE INDEX cowriting_shareddraft_key_f8b9452b_like ON public.cowriting_shareddraft USING btree (key varchar_pattern_ops);

CREATE INDEX cowriting_shareddraft_proposal_id_50177df7 ON public.cowriting_shareddraft USING btree (proposal_id);

CREATE INDEX cowriting_updates ON public.cowriting_draftupdate USING btree (draft_id, id);

CREATE INDEX defects_defect_place_id_5e9c7b50 ON public.defects_defect USING btree (place_id);

CREATE INDEX defects_defect_process_id_df8be460 ON public.defects_defect USING btree (process_id);

CREATE INDEX defects_defect_receipt_31939fac_like ON public.defects_defect USING btree (receipt varchar_pattern_ops);

CREATE INDEX defects_defect_service_id_62e8a0a4 ON public.defects_defect USING btree (service_id);

CREATE INDEX defects_newest ON public.defects_defect USING btree (contribution_id DESC) WHERE is_public;

CREATE INDEX defects_open_by_due ON public.defects_defect USING btree (due, contribution_id) WHERE ((closed_at IS NULL) AND is_public);

CREATE INDEX defects_service_code_82806e97_like ON public.defects_service USING btree (code varchar_pattern_ops);

CREATE INDEX defects_service_office_id_99564bc9 ON public.defects_service USING btree (office_id);

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX feedback_answer_newest ON public.feedback_officialanswer USING btree (contribution_id, published_at DESC, id DESC);

CREATE INDEX feedback_answerdraft_changed_by_id_ecf259e6 ON public.feedback_answerdraft USING btree (changed_by_id);

CREATE INDEX feedback_answerdraft_contribution_id_1ecc9486 ON public.feedback_answerdraft USING btree (contribution_id);

CREATE INDEX feedback_answerdraft_office_id_47df8fae ON public.feedback_answerdraft USING btree (office_id);

CREATE UNIQUE INDEX feedback_answerdraft_one_open ON public.feedback_answerdraft USING btree (contribution_id) WHERE ((contribution_id IS NOT NULL) AND (published_at IS NULL));

CREATE INDEX feedback_answerdraft_open ON public.feedback_answerdraft USING btree (office_id) WHERE (published_at IS NULL);

CREATE INDEX feedback_answerdraft_process_id_540747f7 ON public.feedback_answerdraft USING btree (process_id);

CREATE INDEX feedback_answerdraft_submitted_by_id_90c60a43 ON public.feedback_answerdraft USING btree (submitted_by_id);

CREATE INDEX feedback_commitment_contribution_id_2598164a ON public.feedback_commitment USING btree (contribution_id);

CREATE INDEX feedback_commitment_due ON public.feedback_commitment USING btree (due) WHERE (delivered_at IS NULL);

CREATE INDEX feedback_commitment_moved ON public.feedback_commitment USING btree (moved_at DESC, id DESC);

CREATE INDEX feedback_commitment_office_id_a1da2d57 ON public.feedback_commitment USING btree (office_id);

CREATE INDEX feedback_commitment_process_id_e34c20d6 ON public.feedback_commitment USING btree (process_id);

CREATE INDEX feedback_delay_by_id_30f9f0c0 ON public.feedback_delay USING btree (by_id);

CREATE INDEX feedback_delay_commitment_id_ece7a616 ON public.feedback_delay USING btree (commitment_id);

CREATE INDEX feedback_ending_by_id_d3717926 ON public.feedback_ending USING btree (by_id);

CREATE INDEX feedback_evaluationreport_by_id_94e8ce95 ON public.feedback_evaluationreport USING btree (by_id);

CREATE INDEX feedback_followup_asked_by_id_349b8f4b ON public.feedback_followup USING btree (asked_by_id);

CREATE INDEX feedback_followup_process_id_4b63f546 ON public.feedback_followup USING btree (process_id);

CREATE INDEX feedback_followup_replied_by_id_0004f59b ON public.feedback_followup USING btree (replied_by_id);

CREATE INDEX feedback_handover_by_id_ec93e958 ON public.feedback_handover USING btree (by_id);

CREATE INDEX feedback_handover_commitment_id_e8d878f7 ON public.feedback_handover USING btree (commitment_id);

CREATE INDEX feedback_handover_new_office_id_8518fc6f ON public.feedback_handover USING btree (new_office_id);

CREATE INDEX feedback_handover_old_office_id_de849121 ON public.feedback_handover USING btree (old_office_id);

CREATE INDEX feedback_helpful_answer_id_5195bca6 ON public.feedback_helpful USING btree (answer_id);

CREATE INDEX feedback_helpful_person_id_fc2d39e1 ON public.feedback_helpful USING btree (person_id);

CREATE INDEX feedback_milestone_commitment_id_51d66119 ON public.feedback_milestone USING btree (commitment_id);

CREATE INDEX feedback_officialanswer_by_id_9f1a957f ON public.feedback_officialanswer USING btree (by_id);

CREATE INDEX feedback_officialanswer_contribution_id_62dab8f9 ON public.feedback_officialanswer USING btree (contribution_id);

CREATE INDEX feedback_officialanswer_draft_id_36097b14 ON public.feedback_officialanswer USING btree (draft_id);

CREATE INDEX feedback_officialanswer_office_id_3141c535 ON public.feedback_officialanswer USING btree (office_id);

CREATE INDEX feedback_officialanswer_process_id_8bcb2850 ON public.feedback_officialanswer USING btree (process_id);

CREATE INDEX feedback_officialanswer_read_by_id_d7b17eca ON public.feedback_officialanswer USING btree (read_by_id);

CREATE INDEX feedback_opinion_commitment_id_0675b5ae ON public.feedback_opinion USING btree (commitment_id);

CREATE INDEX feedback_opinion_person_id_956b7653 ON public.feedback_opinion USING btree (person_id);

CREATE INDEX feedback_plan_by_id_275fe1c7 ON public.feedback_plan USING btree (by_id);

CREATE INDEX feedback_plan_office_id_094971f7 ON public.feedback_plan USING btree (office_id);

CREATE INDEX feedback_plan_process_id_a5c1ccce ON public.feedback_plan USING btree (process_id);

CREATE INDEX feedback_planparagraph_plan_id_3c59a06d ON public.feedback_planparagraph USING btree (plan_id);

CREATE INDEX feedback_plansource_contribution_id_2bed0032 ON public.feedback_plansource USING btree (contribution_id);

CREATE INDEX feedback_plansource_paragraph_id_7d98e745 ON public.feedback_plansource USING btree (paragraph_id);

CREATE UNIQUE INDEX feedback_pledge_once ON public.feedback_pledge USING btree (task_id, person_id) WHERE (withdrawn_at IS NULL);

CREATE INDEX feedback_pledge_organisation_id_ae1f8f24 ON public.feedback_pledge USING btree (organisation_id);

CREATE INDEX feedback_pledge_person_id_6dfa5335 ON public.feedback_pledge USING btree (person_id);

CREATE INDEX feedback_pledge_task_id_e8ccca77 ON public.feedback_pledge USING btree (task_id);

CREATE INDEX feedback_poster_day ON public.feedback_posteranswer USING btree (commitment_id, day);

CREATE INDEX feedback_posteranswer_commitment_id_d6a7874f ON public.feedback_posteranswer USING btree (commitment_id);

CREATE INDEX feedback_release_commitment_id_e4675c5c ON public.feedback_release USING btree (commitment_id);

CREATE INDEX feedback_reopening_by_id_1e00280c ON public.feedback_reopening USING btree (by_id);

CREATE INDEX feedback_replyclock_process_id_ce65ed47 ON public.feedback_replyclock USING btree (process_id);

CREATE INDEX feedback_replyreminder_office_id_8449de91 ON public.feedback_replyreminder USING btree (office_id);

CREATE INDEX feedback_replyreminder_process_id_e181058a ON public.feedback_replyreminder USING btree (process_id);

CREATE INDEX feedback_spending_by_id_7175beea ON public.feedback_spending USING btree (by_id);

CREATE INDEX feedback_spending_commitment_id_77506799 ON public.feedback_spending USING btree (commitment_id);

CREATE INDEX feedback_task_by_id_91bc5dca ON public.feedback_task USING btree (by_id);

CREATE INDEX feedback_task_commitment_id_864d05e0 ON public.feedback_task USING btree (commitment_id);

CREATE INDEX feedback_update_commitment_id_f27e0c57 ON public.feedback_update USING btree (commitment_id);

CREATE INDEX jobs_failed ON public.jobs_job USING btree (made_at) WHERE ((state)::text = 'failed'::text);

CREATE INDEX jobs_job_kind_28d89374 ON public.jobs_job USING btree (kind);

CREATE INDEX jobs_job_kind_28d89374_like ON public.jobs_job USING btree (kind varchar_pattern_ops);

CREATE INDEX jobs_newest ON public.jobs_job USING btree (made_at DESC, id DESC);

CREATE INDEX jobs_removal_newest ON public.jobs_removal USING btree (rule, at DESC);

CREATE INDEX jobs_removal_rule_8dacbe6f ON public.jobs_removal USING btree (rule);

CREATE INDEX jobs_removal_rule_8dacbe6f_like ON public.jobs_removal USING btree (rule varchar_pattern_ops);

CREATE INDEX jobs_run_task_16566145_like ON public.jobs_run USING btree (task varchar_pattern_ops);

CREATE INDEX journal_audit ON public.journal_entry USING btree (id DESC) WHERE (data ? 'about'::text);

CREATE INDEX journal_by_process ON public.journal_entry USING btree (process_id, id DESC);

CREATE INDEX journal_by_subject ON public.journal_entry USING btree (subject_label, subject_key, id);

CREATE INDEX journal_cursor_reader_5275d8e0_like ON public.journal_cursor USING btree (reader varchar_pattern_ops);

CREATE INDEX journal_unsealed ON public.journal_entry USING btree (xid, id) WHERE (seq IS NULL);

CREATE INDEX merging_cluster_made_by_id_1bb9857c ON public.merging_cluster USING btree (made_by_id);

CREATE UNIQUE INDEX merging_cluster_name_once ON public.merging_cluster USING btree (process_id, name_de) WHERE (ended_at IS NULL);

CREATE INDEX merging_cluster_process_id_25cc60bc ON public.merging_cluster USING btree (process_id);

CREATE INDEX merging_clustermember_added_by_id_9d63d634 ON public.merging_clustermember USING btree (added_by_id);

CREATE INDEX merging_clustermember_cluster_id_f6d09f89 ON public.merging_clustermember USING btree (cluster_id);

CREATE INDEX merging_clustermember_proposal_id_88edc4d6 ON public.merging_clustermember USING btree (proposal_id);

CREATE INDEX merging_clustermember_removed_by_id_f12e30e7 ON public.merging_clustermember USING btree (removed_by_id);

CREATE INDEX merging_jointtext_by_id_580cf586 ON public.merging_jointtext USING btree (by_id);

CREATE INDEX merging_jointtext_merge_id_d1665b08 ON public.merging_jointtext USING btree (merge_id);

CREATE UNIQUE INDEX merging_member_once ON public.merging_clustermember USING btree (cluster_id, proposal_id) WHERE (removed_at IS NULL);

CREATE INDEX merging_merge_of ON public.merging_merge USING btree (process_id, state);

CREATE INDEX merging_merge_process_id_ef392d62 ON public.merging_merge USING btree (process_id);

CREATE INDEX merging_merge_proposed_by_id_8d4be294 ON public.merging_merge USING btree (proposed_by_id);

CREATE INDEX merging_mergepart_consented_by_id_7ad7025b ON public.merging_mergepart USING btree (consented_by_id);

CREATE INDEX merging_mergepart_declined_by_id_4d199e15 ON public.merging_mergepart USING btree (declined_by_id);

CREATE INDEX merging_mergepart_merge_id_23ea0305 ON public.merging_mergepart USING btree (merge_id);

CREATE INDEX merging_mergepart_proposal_id_8006c656 ON public.merging_mergepart USING btree (proposal_id);

CREATE INDEX merging_mergepart_split_by_id_9792634a ON public.merging_mergepart USING btree (split_by_id);

CREATE INDEX merging_part_of ON public.merging_mergepart USING btree (proposal_id, merge_id);

CREATE UNIQUE INDEX merging_part_one_table ON public.merging_mergepart USING btree (proposal_id) WHERE is_open;

CREATE UNIQUE INDEX merging_part_one_target ON public.merging_mergepart USING btree (merge_id) WHERE ((role)::text = 'target'::text);

CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);

CREATE INDEX moderation_appeal_by_id_5499db55 ON public.moderation_appeal USING btree (by_id);

CREATE INDEX moderation_appeal_decided_by_id_56a03eee ON public.moderation_appeal USING btree (decided_by_id);

CREATE INDEX moderation_appeal_decision_id_532c82ec ON public.moderation_appeal USING btree (decision_id);

CREATE UNIQUE INDEX moderation_appeal_once ON public.moderation_appeal USING btree (decision_id, by_id) WHERE (by_id IS NOT NULL);

CREATE UNIQUE INDEX moderation_appeal_once_per_report ON public.moderation_appeal USING btree (decision_id, report_id) WHERE (report_id IS NOT NULL);

CREATE INDEX moderation_appeal_report_id_092ac442 ON public.moderation_appeal USING btree (report_id);

CREATE INDEX moderation_appeals ON public.moderation_appeal USING btree (at, id) WHERE (decided_at IS NULL);

CREATE INDEX moderation_batch ON public.moderation_decision USING btree (batch);

CREATE INDEX moderation_case_contribution_id_aafbfb25 ON public.moderation_case USING btree (contribution_id);

CREATE UNIQUE INDEX moderation_case_one_at_a_time ON public.moderation_case USING btree (contribution_id) WHERE (NOT ((state)::text = 'closed'::text));

CREATE INDEX moderation_case_process_id_da3c250d ON public.moderation_case USING btree (process_id);

CREATE INDEX moderation_claim_by_id_c40bf5f3 ON public.moderation_claim USING btree (by_id);

CREATE INDEX moderation_claim_case_id_a5c619ab ON public.moderation_claim USING btree (case_id);

CREATE UNIQUE INDEX moderation_claim_one_standing ON public.moderation_claim USING btree (case_id) WHERE (ended_at IS NULL);

CREATE INDEX moderation_decision_by_id_c73b84b3 ON public.moderation_decision USING btree (by_id);

CREATE INDEX moderation_decision_case_id_3f926bc5 ON public.moderation_decision USING btree (case_id);

CREATE INDEX moderation_decision_contribution_id_f365b818 ON public.moderation_decision USING btree (contribution_id);

CREATE INDEX moderation_decision_kind_d3b222b1 ON public.moderation_decision USING btree (kind);

CREATE INDEX moderation_decision_kind_d3b222b1_like ON public.moderation_decision USING btree (kind varchar_pattern_ops);

CREATE INDEX moderation_decision_process_id_479b36c1 ON public.moderation_decision USING btree (process_id);

CREATE INDEX moderation_decision_token_7081450f_like ON public.moderation_decision USING btree (token varchar_pattern_ops);

CREATE INDEX moderation_decision_undone_by_id_00e1cdd9 ON public.moderation_decision USING btree (undone_by_id);

CREATE INDEX moderation_fingerprint_process_id_06f3a9a7 ON public.moderation_fingerprint USING btree (process_id);

CREATE INDEX moderation_log ON public.moderation_decision USING btree (at DESC, id DESC);

CREATE INDEX moderation_log_of ON public.moderation_decision USING btree (process_id, at DESC, id DESC);

CREATE INDEX moderation_mark_case_id_20990d02 ON public.moderation_mark USING btree (case_id);

CREATE INDEX moderation_note_by_id_9873975f ON public.moderation_note USING btree (by_id);

CREATE INDEX moderation_note_case_id_38252d96 ON public.moderation_note USING btree (case_id);

CREATE INDEX moderation_queue ON public.moderation_case USING btree (rank DESC, id DESC) WHERE ((state)::text = 'open'::text);

CREATE INDEX moderation_recent_prints ON public.moderation_fingerprint USING btree (process_id, at DESC);

CREATE INDEX moderation_report_by_id_d6316cf9 ON public.moderation_report USING btree (by_id);

CREATE INDEX moderation_report_case_id_69382b22 ON public.moderation_report USING btree (case_id);

CREATE INDEX moderation_report_contribution_id_4024e194 ON public.moderation_report USING btree (contribution_id);

CREATE UNIQUE INDEX moderation_report_once_per_address ON public.moderation_report USING btree (contribution_id, email) WHERE (NOT ((email)::text = ''::text));

CREATE UNIQUE INDEX moderation_report_once_per_person ON public.moderation_report USING btree (contribution_id, by_id) WHERE (by_id IS NOT NULL);

CREATE INDEX moderation_report_rule_9ffb6e81 ON public.moderation_report USING btree (rule);

CREATE INDEX moderation_report_rule_9ffb6e81_like ON public.moderation_report USING btree (rule varchar_pattern_ops);

CREATE INDEX moderation_report_token_90e2b855_like ON public.moderation_report USING btree (token varchar_pattern_ops);

CREATE INDEX moderation_reports_of ON public.moderation_report USING btree (by_id, at DESC);

CREATE INDEX moderation_rule_process_id_d2cc3b25 ON public.moderation_rule USING btree (process_id);

CREATE INDEX moderation_rule_slug_dafddcbf ON public.moderation_rule USING btree (slug);

CREATE INDEX moderation_rule_slug_dafddcbf_like ON public.moderation_rule USING btree (slug varchar_pattern_ops);

CREATE INDEX notices_device_endpoint_89a090cd_like ON public.notices_device USING btree (endpoint varchar_pattern_ops);

CREATE INDEX notices_device_person_id_e8bd8515 ON public.notices_device USING btree (person_id);

CREATE INDEX notices_fanout_contribution_id_26e106d7 ON public.notices_fanout USING btree (contribution_id);

CREATE INDEX notices_fanout_process_id_03c851eb ON public.notices_fanout USING btree (process_id);

CREATE INDEX notices_mail_about ON public.notices_mail USING btree (entry_id) WHERE (entry_id IS NOT NULL);

CREATE INDEX notices_mail_by_time ON public.notices_mail USING btree (sent_at);

CREATE INDEX notices_mail_of ON public.notices_mail USING btree (person_id, sent_at);

CREATE INDEX notices_newsletter_made_by_id_573b6bbc ON public.notices_newsletter USING btree (made_by_id);

CREATE INDEX notices_newsletter_process_id_be671b11 ON public.notices_newsletter USING btree (process_id);

CREATE INDEX notices_notice_contribution_id_21008ec6 ON public.notices_notice USING btree (contribution_id);

CREATE INDEX notices_of_newsletter ON public.notices_notice USING btree (entry_id) WHERE ((kind)::text = 'newsletters'::text);

CREATE INDEX notices_preference_person_id_199e9b5a ON public.notices_preference USING btree (person_id);

CREATE INDEX notices_push_device_id_2d13dbb6 ON public.notices_push USING btree (device_id);

CREATE INDEX notices_push_notice_id_864b458c ON public.notices_push USING btree (notice_id);

CREATE INDEX notices_push_waiting ON public.notices_push USING btree (due_at, id);

CREATE INDEX notices_unread ON public.notices_notice USING btree (person_id) WHERE (read_at IS NULL);

CREATE INDEX notices_until ON public.notices_notice USING btree (until) WHERE (until IS NOT NULL);

CREATE INDEX notices_waiting ON public.notices_notice USING btree (due_at, id) WHERE ((due_at IS NOT NULL) AND (sent_at IS NULL));

CREATE INDEX notices_wants_news ON public.notices_preference USING btree (person_id) WHERE (((kind)::text = 'newsletters'::text) AND (NOT ((rhythm)::text = 'none'::text)));

CREATE INDEX opendata_figure_metric_8451e161 ON public.opendata_figure USING btree (metric);

CREATE INDEX opendata_figure_metric_8451e161_like ON public.opendata_figure USING btree (metric varchar_pattern_ops);

CREATE INDEX opendata_release_dataset_d6b19b0f ON public.opendata_release USING btree (dataset);

CREATE INDEX opendata_release_dataset_d6b19b0f_like ON public.opendata_release USING btree (dataset varchar_pattern_ops);

CREATE INDEX opendata_releasefile_release_id_762af692 ON public.opendata_releasefile USING btree (release_id);

CREATE INDEX paperwork_batch_first_by_id_e06675b7 ON public.paperwork_batch USING btree (first_by_id);

CREATE INDEX paperwork_batch_opened_by_id_1663abc3 ON public.paperwork_batch USING btree (opened_by_id);

CREATE INDEX paperwork_batch_second_by_id_87c93d89 ON public.paperwork_batch USING btree (second_by_id);

CREATE INDEX paperwork_batch_vote_id_4eca4c03 ON public.paperwork_batch USING btree (vote_id);

CREATE UNIQUE INDEX paperwork_code_one_a_person ON public.paperwork_papercode USING btree (vote_id, tag) WHERE ((NOT revoked) AND (tag IS NOT NULL));

CREATE INDEX paperwork_finish_by_id_9620bba4 ON public.paperwork_finish USING btree (by_id);

CREATE INDEX paperwork_papercode_run_id_cad9fbc1 ON public.paperwork_papercode USING btree (run_id);

CREATE INDEX paperwork_papercode_vote_id_7ae44920 ON public.paperwork_papercode USING btree (vote_id);

CREATE INDEX paperwork_printrun_printed_by_id_b601a49c ON public.paperwork_printrun USING btree (printed_by_id);

CREATE INDEX paperwork_printrun_vote_id_d16ef871 ON public.paperwork_printrun USING btree (vote_id);

CREATE INDEX paperwork_scan_batch_id_cbce69f4 ON public.paperwork_scan USING btree (batch_id);

CREATE INDEX paperwork_scan_key_60e41683_like ON public.paperwork_scan USING btree (key varchar_pattern_ops);

CREATE INDEX paperwork_scan_stored_19af396a_like ON public.paperwork_scan USING btree (stored varchar_pattern_ops);

CREATE INDEX paperwork_scan_type_bdf6142b ON public.paperwork_scan USING btree (type);

CREATE INDEX paperwork_scan_type_bdf6142b_like ON public.paperwork_scan USING btree (type varchar_pattern_ops);

CREATE INDEX paperwork_scan_uploaded_by_id_12c07100 ON public.paperwork_scan USING btree (uploaded_by_id);

CREATE INDEX paperwork_typed_batch_id_568bc132 ON public.paperwork_typed USING btree (batch_id);

CREATE INDEX privacy_breach_noted_by_id_17023479 ON public.privacy_breach USING btree (noted_by_id);

CREATE INDEX privacy_consent_newest ON public.privacy_consent USING btree (person_id, purpose, thing, id DESC);

CREATE INDEX privacy_consent_text_id_5aa09ced ON public.privacy_consent USING btree (text_id);

CREATE INDEX privacy_consent_text_id_5aa09ced_like ON public.privacy_consent USING btree (text_id varchar_pattern_ops);

CREATE INDEX privacy_consenttext_digest_12eeb620_like ON public.privacy_consenttext USING btree (digest varchar_pattern_ops);

CREATE UNIQUE INDEX privacy_export_one_at_a_time ON public.privacy_export USING btree (person_id) WHERE (over_at IS NULL);

CREATE INDEX privacy_export_person_id_a755057b ON public.privacy_export USING btree (person_id);

CREATE INDEX privacy_noticereview_by_id_e23235a2 ON public.privacy_noticereview USING btree (by_id);

CREATE INDEX privacy_noticeversion_published_by_id_1baca7fb ON public.privacy_noticeversion USING btree (published_by_id);

CREATE INDEX privacy_request_answered_by_id_91783418 ON public.privacy_request USING btree (answered_by_id);

CREATE UNIQUE INDEX privacy_request_one_restriction ON public.privacy_request USING btree (person_id) WHERE ((answered_at IS NULL) AND ((kind)::text = 'restriction'::text) AND (withdrawn_at IS NULL));

CREATE INDEX privacy_request_open ON public.privacy_request USING btree (due_at) WHERE ((answered_at IS NULL) AND (withdrawn_at IS NULL));

CREATE INDEX privacy_request_person_id_4489984f ON public.privacy_request USING btree (person_id);

CREATE INDEX proposals_all_exposure ON public.proposals_proposal USING btree (exposure, contribution_id) WHERE is_public;

CREATE INDEX proposals_all_support ON public.proposals_proposal USING btree (supports DESC, contribution_id DESC) WHERE is_public;

CREATE INDEX proposals_assessment_by_id_1bc8dfc9 ON public.proposals_assessment USING btree (by_id);

CREATE INDEX proposals_assessment_duplicate_of_id_731e0f19 ON public.proposals_assessment USING btree (duplicate_of_id);

CREATE INDEX proposals_assessment_implementer_id_d48b3a48 ON public.proposals_assessment USING btree (implementer_id);

CREATE INDEX proposals_assessment_office_id_2515d3e3 ON public.proposals_assessment USING btree (office_id);

CREATE UNIQUE INDEX proposals_assessment_one_stands ON public.proposals_assessment USING btree (proposal_id, office_id) WHERE (replaced_at IS NULL);

CREATE INDEX proposals_assessment_proposal_id_d2ccc411 ON public.proposals_assessment USING btree (proposal_id);

CREATE INDEX proposals_assessment_signed_by_id_d9783d11 ON public.proposals_assessment USING btree (signed_by_id);

CREATE INDEX proposals_assignment_batch ON public.proposals_assignment USING btree (batch) WHERE (NOT ((batch)::text = ''::text));

CREATE INDEX proposals_assignment_by_id_b45e197f ON public.proposals_assignment USING btree (by_id);

CREATE INDEX proposals_assignment_changed_by_id_86b29162 ON public.proposals_assignment USING btree (changed_by_id);

CREATE INDEX proposals_assignment_ended_by_id_b0a333a4 ON public.proposals_assignment USING btree (ended_by_id);

CREATE INDEX proposals_assignment_handed_to_id_f05536db ON public.proposals_assignment USING btree (handed_to_id);

CREATE INDEX proposals_assignment_office_id_20d40193 ON public.proposals_assignment USING btree (office_id);

CREATE UNIQUE INDEX proposals_assignment_once_per_office ON public.proposals_assignment USING btree (proposal_id, office_id) WHERE (ended_at IS NULL);

CREATE INDEX proposals_assignment_person_id_c995c033 ON public.proposals_assignment USING btree (person_id);

CREATE INDEX proposals_assignment_proposal_id_10de6717 ON public.proposals_assignment USING btree (proposal_id);

CREATE INDEX proposals_assignment_queue ON public.proposals_assignment USING btree (office_id, due) WHERE (ended_at IS NULL);

CREATE INDEX proposals_assignment_submitted_by_id_76b73ce7 ON public.proposals_assignment USING btree (submitted_by_id);

CREATE UNIQUE INDEX proposals_authorship_address_once ON public.proposals_authorship USING btree (proposal_id, lower((email)::text)) WHERE ((declined_at IS NULL) AND (left_at IS NULL) AND (NOT ((email)::text = ''::text)));

CREATE UNIQUE INDEX proposals_authorship_code_once ON public.proposals_authorship USING btree (code) WHERE (NOT ((code)::text = ''::text));

CREATE INDEX proposals_authorship_invited_by_id_db670b9f ON public.proposals_authorship USING btree (invited_by_id);

CREATE INDEX proposals_authorship_mine ON public.proposals_authorship USING btree (person_id, proposal_id);

CREATE UNIQUE INDEX proposals_authorship_once ON public.proposals_authorship USING btree (proposal_id, person_id) WHERE ((declined_at IS NULL) AND (left_at IS NULL));

CREATE UNIQUE INDEX proposals_authorship_one_lead ON public.proposals_authorship USING btree (proposal_id) WHERE ((accepted_at IS NOT NULL) AND (left_at IS NULL) AND ((role)::text = 'lead'::text));

CREATE UNIQUE INDEX proposals_authorship_one_offer ON public.proposals_authorship USING btree (proposal_id) WHERE ((declined_at IS NULL) AND (left_at IS NULL) AND (lead_offered_at IS NOT NULL));

CREATE INDEX proposals_authorship_organisation_id_defc4df1 ON public.proposals_authorship USING btree (organisation_id);

CREATE INDEX proposals_authorship_person_id_6edeb009 ON public.proposals_authorship USING btree (person_id);

CREATE INDEX proposals_authorship_proposal_id_b9666188 ON public.proposals_authorship USING btree (proposal_id);

CREATE INDEX proposals_by_exposure ON public.proposals_proposal USING btree (process_id, exposure, contribution_id) WHERE is_public;

CREATE INDEX proposals_by_support ON public.proposals_proposal USING btree (process_id, supports DESC, contribution_id DESC) WHERE is_public;

CREATE INDEX proposals_clarification_answered_by_id_6d672ab6 ON public.proposals_clarification USING btree (answered_by_id);

CREATE INDEX proposals_clarification_asked_by_id_5d4834aa ON public.proposals_clarification USING btree (asked_by_id);

CREATE INDEX proposals_clarification_office_id_07fa30fd ON public.proposals_clarification USING btree (office_id);

CREATE INDEX proposals_clarification_open ON public.proposals_clarification USING btree (due) WHERE (answered_at IS NULL);

CREATE INDEX proposals_clarification_proposal_id_5ecc8433 ON public.proposals_clarification USING btree (proposal_id);

CREATE INDEX proposals_count_all_cells ON public.proposals_listcount USING btree (process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors) INCLUDE (n);

CREATE INDEX proposals_filtered ON public.proposals_proposal USING btree (process_id, place_id, theme, contribution_id DESC) WHERE is_public;

CREATE INDEX proposals_listcount_place_id_37619026 ON public.proposals_listcount USING btree (place_id);

CREATE INDEX proposals_listcount_process_id_789a92e9 ON public.proposals_listcount USING btree (process_id);

CREATE INDEX proposals_listexport_person_id_baff5865 ON public.proposals_listexport USING btree (person_id);

CREATE INDEX proposals_listexport_process_id_5855320e ON public.proposals_listexport USING btree (process_id);

CREATE INDEX proposals_moves ON public.proposals_stagemove USING btree (proposal_id, at);

CREATE INDEX proposals_newest ON public.proposals_proposal USING btree (process_id, contribution_id DESC) WHERE is_public;

CREATE INDEX proposals_place_by_exposure ON public.proposals_proposal USING btree (process_id, place_id, exposure, contribution_id) WHERE is_public;

CREATE INDEX proposals_proposal_lives_in_id_62c104ff ON public.proposals_proposal USING btree (lives_in_id);

CREATE INDEX proposals_proposal_place_id_d93ff61e ON public.proposals_proposal USING btree (place_id);

CREATE INDEX proposals_proposal_process_id_ec6be28a ON public.proposals_proposal USING btree (process_id);

CREATE INDEX proposals_proposal_receipt_85766de8_like ON public.proposals_proposal USING btree (receipt varchar_pattern_ops);

CREATE INDEX proposals_revision_by_id_91a20962 ON public.proposals_revision USING btree (by_id);

CREATE INDEX proposals_revision_proposal_id_fe0e823c ON public.proposals_revision USING btree (proposal_id);

CREATE INDEX proposals_search ON public.proposals_proposal USING gin (search) WHERE is_public;

CREATE INDEX proposals_search_words ON public.proposals_searchword USING btree (process_id, word) INCLUDE (n);

CREATE INDEX proposals_searchword_process_id_6dced277 ON public.proposals_searchword USING btree (process_id);

CREATE INDEX proposals_shown_by_day ON public.proposals_shown USING btree (day, proposal_id) INCLUDE (n);

CREATE INDEX proposals_shown_proposal_id_d3f83099 ON public.proposals_shown USING btree (proposal_id);

CREATE INDEX proposals_stagemove_by_id_4fd38f96 ON public.proposals_stagemove USING btree (by_id);

CREATE INDEX proposals_stagemove_office_id_7b914bdc ON public.proposals_stagemove USING btree (office_id);

CREATE INDEX proposals_stagemove_proposal_id_a3c6eb26 ON public.proposals_stagemove USING btree (proposal_id);

CREATE INDEX proposals_support_mine ON public.proposals_support USING btree (person_id, proposal_id);

CREATE INDEX proposals_support_person_id_8309f936 ON public.proposals_support USING btree (person_id);

CREATE INDEX proposals_support_proposal_id_ebf8ae1d ON public.proposals_support USING btree (proposal_id);

CREATE INDEX proposals_support_via_id_b2ecdac7 ON public.proposals_support USING btree (via_id);

CREATE UNIQUE INDEX proposals_take_over_once ON public.proposals_takeover USING btree (proposal_id, person_id) WHERE (decided_at IS NULL);

CREATE INDEX proposals_takeover_decided_by_id_cb0296c9 ON public.proposals_takeover USING btree (decided_by_id);

CREATE INDEX proposals_takeover_person_id_891698ac ON public.proposals_takeover USING btree (person_id);

CREATE INDEX proposals_takeover_proposal_id_d63c8464 ON public.proposals_takeover USING btree (proposal_id);

CREATE INDEX proposals_textdraft_person_id_efbd6176 ON public.proposals_textdraft USING btree (person_id);

CREATE INDEX proposals_textdraft_proposal_id_68a6025a ON public.proposals_textdraft USING btree (proposal_id);

CREATE INDEX reach_answers_handle_500737b6_like ON public.reach_answers USING btree (handle varchar_pattern_ops);

CREATE INDEX reach_answers_old ON public.reach_answers USING btree (month);

CREATE INDEX reach_asking_process_id_3601c403 ON public.reach_asking USING btree (process_id);

CREATE INDEX reach_cell_process_id_fa6b9019 ON public.reach_cell USING btree (process_id);

CREATE INDEX searches_due ON public.searches_savedsearch USING btree (rhythm, seen_until) WHERE (NOT ((rhythm)::text = 'off'::text));

CREATE INDEX searches_savedsearch_person_id_b0469966 ON public.searches_savedsearch USING btree (person_id);

CREATE INDEX searches_savedsearch_process_id_7a3fed39 ON public.searches_savedsearch USING btree (process_id);

CREATE INDEX tokens_token_digest_5800e345_like ON public.tokens_token USING btree (digest varchar_pattern_ops);

CREATE INDEX tokens_token_mine ON public.tokens_token USING btree (person_id, id DESC);

CREATE INDEX tokens_token_person_id_1f08c7d2 ON public.tokens_token USING btree (person_id);

CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY (ARRAY[('totp'::character varying)::text, ('recovery_codes'::character varying)::text]));

CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";

CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;

CREATE INDEX variants_annotation_variant_id_b27bcb8d ON public.variants_annotation USING btree (variant_id);

CREATE INDEX variants_preference_person_id_a4b0397e ON public.variants_preference USING btree (person_id);

CREATE INDEX variants_preference_variant_id_e6c8b689 ON public.variants_preference USING btree (variant_id);

CREATE INDEX variants_variant_added_by_id_b357b03e ON public.variants_variant USING btree (added_by_id);

CREATE INDEX variants_variant_picture_id_d0c0fa1a ON public.variants_variant USING btree (picture_id);

CREATE INDEX variants_variant_proposal_id_85096ddb ON public.variants_variant USING btree (proposal_id);

CREATE INDEX webapi_answer_age ON public.webapi_keptanswer USING btree (at);

CREATE INDEX webapi_keptanswer_person_id_98468daa ON public.webapi_keptanswer USING btree (person_id);

CREATE INDEX webhooks_delivery_contribution_id_a74064c0 ON public.webhooks_delivery USING btree (contribution_id);

CREATE INDEX webhooks_delivery_message_d9fff0c9_like ON public.webhooks_delivery USING btree (message varchar_pattern_ops);

CREATE INDEX webhooks_delivery_process_id_5d2f1f4a ON public.webhooks_delivery USING btree (process_id);

CREATE INDEX webhooks_delivery_webhook_id_27345d75 ON public.webhooks_delivery USING btree (webhook_id);

CREATE INDEX webhooks_due ON public.webhooks_delivery USING btree (due_at, id) WHERE ((state)::text = 'waiting'::text);

CREATE INDEX webhooks_log ON public.webhooks_delivery USING btree (webhook_id, id DESC);

CREATE INDEX webhooks_old ON public.webhooks_delivery USING btree (made_at);

CREATE INDEX webhooks_webhook_person_id_4a8fed89 ON public.webhooks_webhook USING btree (person_id);

CREATE INDEX webhooks_webhook_process_id_6096713d ON public.webhooks_webhook USING btree (process_id);

CREATE TRIGGER ballots_board_stays BEFORE DELETE OR UPDATE ON public.ballots_boardleaf FOR EACH ROW EXECUTE FUNCTION public.ballots_board_stays();

CREATE TRIGGER ballots_board_stays BEFORE DELETE OR UPDATE ON public.ballots_treehead FOR EACH ROW EXECUTE FUNCTION public.ballots_board_stays();

CREATE CONSTRAINT TRIGGER budgets_division_adds_up AFTER INSERT ON public.budgets_division DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.budgets_division_adds_up();

CREATE CONSTRAINT TRIGGER budgets_division_adds_up AFTER INSERT OR UPDATE ON public.budgets_envelope DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.budgets_division_adds_up();

CREATE CONSTRAINT TRIGGER budgets_division_adds_up AFTER INSERT ON public.budgets_share DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.budgets_division_adds_up();

CREATE TRIGGER budgets_division_frozen BEFORE INSERT ON public.budgets_division FOR EACH ROW EXECUTE FUNCTION public.budgets_division_frozen();

CREATE TRIGGER budgets_division_stays BEFORE DELETE OR UPDATE ON public.budgets_division FOR EACH ROW EXECUTE FUNCTION public.budgets_division_stays();

CREATE TRIGGER budgets_division_stays BEFORE DELETE OR UPDATE ON public.budgets_share FOR EACH ROW EXECUTE FUNCTION public.budgets_division_stays();

CREATE TRIGGER cocreation_changerecord_fixed BEFORE DELETE OR UPDATE ON public.cocreation_changerecord FOR EACH ROW EXECUTE FUNCTION public.cocreation_record_fixed();

CREATE TRIGGER cocreation_configchange_fixed BEFORE DELETE OR UPDATE ON public.cocreation_configchange FOR EACH ROW EXECUTE FUNCTION public.cocreation_record_fixed();

CREATE TRIGGER cocreation_process_stays BEFORE DELETE ON public.cocreation_process FOR EACH ROW EXECUTE FUNCTION public.cocreation_process_stays();

CREATE TRIGGER feedback_commitment_stands BEFORE UPDATE ON public.feedback_commitment FOR EACH ROW EXECUTE FUNCTION public.feedback_promise_stands();

CREATE TRIGGER feedback_commitment_stays BEFORE DELETE ON public.feedback_commitment FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_delay_fixed BEFORE UPDATE ON public.feedback_delay FOR EACH ROW EXECUTE FUNCTION public.feedback_fixed();

CREATE TRIGGER feedback_delay_stays BEFORE DELETE ON public.feedback_delay FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_ending_fixed BEFORE UPDATE ON public.feedback_ending FOR EACH ROW EXECUTE FUNCTION public.feedback_fixed();

CREATE TRIGGER feedback_ending_stays BEFORE DELETE ON public.feedback_ending FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_evaluationreport_fixed BEFORE UPDATE ON public.feedback_evaluationreport FOR EACH ROW EXECUTE FUNCTION public.feedback_fixed();

CREATE TRIGGER feedback_evaluationreport_stays BEFORE DELETE ON public.feedback_evaluationreport FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_followup_once BEFORE UPDATE ON public.feedback_followup FOR EACH ROW EXECUTE FUNCTION public.feedback_followup_once();

CREATE TRIGGER feedback_followup_stays BEFORE DELETE ON public.feedback_followup FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_handover_fixed BEFORE UPDATE ON public.feedback_handover FOR EACH ROW EXECUTE FUNCTION public.feedback_fixed();

CREATE TRIGGER feedback_handover_stays BEFORE DELETE ON public.feedback_handover FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_milestone_stays BEFORE DELETE ON public.feedback_milestone FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_officialanswer_fixed BEFORE UPDATE ON public.feedback_officialanswer FOR EACH ROW EXECUTE FUNCTION public.feedback_fixed();

CREATE TRIGGER feedback_officialanswer_stays BEFORE DELETE ON public.feedback_officialanswer FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_plan_stays BEFORE DELETE OR UPDATE ON public.feedback_plan FOR EACH ROW EXECUTE FUNCTION public.feedback_plan_stays();

CREATE TRIGGER feedback_planparagraph_stays BEFORE INSERT OR DELETE OR UPDATE ON public.feedback_planparagraph FOR EACH ROW EXECUTE FUNCTION public.feedback_plan_stays();

CREATE TRIGGER feedback_plansource_stays BEFORE INSERT OR DELETE OR UPDATE ON public.feedback_plansource FOR EACH ROW EXECUTE FUNCTION public.feedback_plan_stays();

CREATE TRIGGER feedback_posteranswer_stays BEFORE DELETE ON public.feedback_posteranswer FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_release_fixed BEFORE UPDATE ON public.feedback_release FOR EACH ROW EXECUTE FUNCTION public.feedback_fixed();

CREATE TRIGGER feedback_release_stays BEFORE DELETE ON public.feedback_release FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_reopening_fixed BEFORE UPDATE ON public.feedback_reopening FOR EACH ROW EXECUTE FUNCTION public.feedback_fixed();

CREATE TRIGGER feedback_reopening_stays BEFORE DELETE ON public.feedback_reopening FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_replyclock_stands BEFORE UPDATE ON public.feedback_replyclock FOR EACH ROW EXECUTE FUNCTION public.feedback_dates_stand();

CREATE TRIGGER feedback_replydate_stands BEFORE UPDATE ON public.feedback_replydate FOR EACH ROW EXECUTE FUNCTION public.feedback_dates_stand();

CREATE TRIGGER feedback_spending_fixed BEFORE UPDATE ON public.feedback_spending FOR EACH ROW EXECUTE FUNCTION public.feedback_fixed();

CREATE TRIGGER feedback_spending_stays BEFORE DELETE ON public.feedback_spending FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_task_stays BEFORE DELETE ON public.feedback_task FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER feedback_update_fixed BEFORE UPDATE ON public.feedback_update FOR EACH ROW EXECUTE FUNCTION public.feedback_fixed();

CREATE TRIGGER feedback_update_stays BEFORE DELETE ON public.feedback_update FOR EACH ROW EXECUTE FUNCTION public.feedback_stays();

CREATE TRIGGER journal_append_only BEFORE DELETE OR UPDATE ON public.journal_entry FOR EACH ROW EXECUTE FUNCTION public.journal_append_only();

CREATE TRIGGER moderation_appeal_decided_by_another BEFORE INSERT OR UPDATE ON public.moderation_appeal FOR EACH ROW EXECUTE FUNCTION public.moderation_somebody_else();

CREATE TRIGGER notices_about_moved AFTER UPDATE OF contribution_id, person_id, process_id ON public.notices_notice FOR EACH ROW WHEN (((old.contribution_id IS DISTINCT FROM new.contribution_id) OR (old.person_id IS DISTINCT FROM new.person_id) OR (old.process_id IS DISTINCT FROM new.process_id))) EXECUTE FUNCTION public.notices_about_moved();

CREATE TRIGGER notices_about_told AFTER INSERT ON public.notices_notice REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION public.notices_about_told();

CREATE CONSTRAINT TRIGGER notices_contribution_moved AFTER UPDATE OF id ON public.cocreation_contribution DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.id <> new.id)) EXECUTE FUNCTION public.notices_contribution_told();

CREATE CONSTRAINT TRIGGER notices_contribution_told AFTER DELETE ON public.cocreation_contribution DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.notices_contribution_told();

CREATE CONSTRAINT TRIGGER notices_person_moved AFTER UPDATE OF id ON public.accounts_person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.id <> new.id)) EXECUTE FUNCTION public.notices_person_told();

CREATE CONSTRAINT TRIGGER notices_person_told AFTER DELETE ON public.accounts_person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.notices_person_told();

CREATE CONSTRAINT TRIGGER notices_process_moved AFTER UPDATE OF id ON public.cocreation_process DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.id <> new.id)) EXECUTE FUNCTION public.notices_process_told();

CREATE CONSTRAINT TRIGGER notices_process_told AFTER DELETE ON public.cocreation_process DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.notices_process_told();

CREATE TRIGGER privacy_consent_stays BEFORE DELETE OR UPDATE ON public.privacy_consent FOR EACH ROW EXECUTE FUNCTION public.privacy_consent_stays();

CREATE TRIGGER privacy_consenttext_stays BEFORE DELETE OR UPDATE ON public.privacy_consenttext FOR EACH ROW EXECUTE FUNCTION public.privacy_only_grows();

CREATE TRIGGER privacy_noticereview_stays BEFORE DELETE OR UPDATE ON public.privacy_noticereview FOR EACH ROW EXECUTE FUNCTION public.privacy_only_grows();

CREATE TRIGGER privacy_noticeversion_stays BEFORE DELETE OR UPDATE ON public.privacy_noticeversion FOR EACH ROW EXECUTE FUNCTION public.privacy_only_grows();

CREATE TRIGGER proposals_counts_in AFTER INSERT ON public.proposals_proposal FOR EACH ROW WHEN (new.is_public) EXECUTE FUNCTION public.proposals_keep_counts();

CREATE TRIGGER proposals_counts_move AFTER UPDATE OF process_id, place_id, theme, stage, author_kind, is_answered, seeks_coauthors, is_public ON public.proposals_proposal FOR EACH ROW WHEN (((old.process_id IS DISTINCT FROM new.process_id) OR (old.place_id IS DISTINCT FROM new.place_id) OR ((old.theme)::text IS DISTINCT FROM (new.theme)::text) OR ((old.stage)::text IS DISTINCT FROM (new.stage)::text) OR ((old.author_kind)::text IS DISTINCT FROM (new.author_kind)::text) OR (old.is_answered IS DISTINCT FROM new.is_answered) OR (old.seeks_coauthors IS DISTINCT FROM new.seeks_coauthors) OR (old.is_public IS DISTINCT FROM new.is_public))) EXECUTE FUNCTION public.proposals_keep_counts();

CREATE TRIGGER proposals_counts_out AFTER DELETE ON public.proposals_proposal FOR EACH ROW WHEN (old.is_public) EXECUTE FUNCTION public.proposals_keep_counts();

CREATE TRIGGER proposals_words_in AFTER INSERT ON public.proposals_proposal FOR EACH ROW WHEN (new.is_public) EXECUTE FUNCTION public.proposals_keep_words();

CREATE TRIGGER proposals_words_move AFTER UPDATE OF process_id, title, summary, translations, is_public ON public.proposals_proposal FOR EACH ROW WHEN (((old.process_id IS DISTINCT FROM new.process_id) OR ((old.title)::text IS DISTINCT FROM (new.title)::text) OR ((old.summary)::text IS DISTINCT FROM (new.summary)::text) OR (old.translations IS DISTINCT FROM new.translations) OR (old.is_public IS DISTINCT FROM new.is_public))) EXECUTE FUNCTION public.proposals_keep_words();

CREATE TRIGGER proposals_words_out AFTER DELETE ON public.proposals_proposal FOR EACH ROW WHEN (old.is_public) EXECUTE FUNCTION public.proposals_keep_words();

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_person_id FOREIGN KEY (user_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_guardianconsent
    ADD CONSTRAINT accounts_guardiancon_person_id_69deb30d_fk_accounts_ FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_confirmed_by_id_36f82ce3_fk_accounts_ FOREIGN KEY (confirmed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_organisation_id_98e5c22b_fk_accounts_ FOREIGN KEY (organisation_id) REFERENCES public.accounts_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_membership
    ADD CONSTRAINT accounts_membership_person_id_cd00e383_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_organisation
    ADD CONSTRAINT accounts_organisatio_confirmed_by_id_c7405eff_fk_accounts_ FOREIGN KEY (confirmed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_person_groups
    ADD CONSTRAINT accounts_person_groups_group_id_2455a92a_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_person_groups
    ADD CONSTRAINT accounts_person_groups_person_id_0267a8e2_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_person_user_permissions
    ADD CONSTRAINT accounts_person_user_permission_id_ef54d0fe_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_person_user_permissions
    ADD CONSTRAINT accounts_person_user_person_id_f01807a9_fk_accounts_ FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_verification
    ADD CONSTRAINT accounts_verificatio_verified_by_id_d0ccdedc_fk_accounts_ FOREIGN KEY (verified_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_verification
    ADD CONSTRAINT accounts_verification_person_id_f03e8559_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_amendment
    ADD CONSTRAINT amendments_amendment_copies FOREIGN KEY (contribution_id, process_id, is_public) REFERENCES public.cocreation_contribution(id, process_id, is_public) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.amendments_amendment
    ADD CONSTRAINT amendments_amendment_process_id_97627734_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_amendment
    ADD CONSTRAINT amendments_amendment_proposal_id_99ae4784_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_amendment
    ADD CONSTRAINT amendments_amendment_revision_id_4be51e3e_fk_proposals FOREIGN KEY (revision_id) REFERENCES public.proposals_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_amendment
    ADD CONSTRAINT amendments_amendment_supersedes_id_9e2bd0a6_fk_amendment FOREIGN KEY (supersedes_id) REFERENCES public.amendments_amendment(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_decision
    ADD CONSTRAINT amendments_decision_amendment_id_97d84536_fk_amendment FOREIGN KEY (amendment_id) REFERENCES public.amendments_amendment(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_decision
    ADD CONSTRAINT amendments_decision_by_id_aa76c201_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_decision
    ADD CONSTRAINT amendments_decision_revision_id_b9f50223_fk_proposals FOREIGN KEY (revision_id) REFERENCES public.proposals_revision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_opinion
    ADD CONSTRAINT amendments_opinion_person_id_3d35bbc8_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_opinion
    ADD CONSTRAINT amendments_opinion_poll_id_b6257aa6_fk_amendment FOREIGN KEY (poll_id) REFERENCES public.amendments_poll(amendment_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_poll
    ADD CONSTRAINT amendments_poll_amendment_id_1e0e8551_fk_amendment FOREIGN KEY (amendment_id) REFERENCES public.amendments_amendment(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.amendments_poll
    ADD CONSTRAINT amendments_poll_by_id_86bdd2d4_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_ballotoption
    ADD CONSTRAINT ballots_ballotoption_proposal_id_74eba4be_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_ballotoption
    ADD CONSTRAINT ballots_ballotoption_vote_id_4c628884_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_boardleaf
    ADD CONSTRAINT ballots_boardleaf_vote_id_d9a82a6f_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_castballot
    ADD CONSTRAINT ballots_castballot_vote_id_84bdd4a6_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_receiptmail
    ADD CONSTRAINT ballots_receiptmail_person_id_977fe47f_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_receiptmail
    ADD CONSTRAINT ballots_receiptmail_vote_id_e4a19032_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_slot
    ADD CONSTRAINT ballots_slot_vote_id_a635c974_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_tally
    ADD CONSTRAINT ballots_tally_vote_id_8a99d7b0_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_treehead
    ADD CONSTRAINT ballots_treehead_vote_id_2d6ef002_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_turnout
    ADD CONSTRAINT ballots_turnout_vote_id_36d884b8_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.ballots_vote
    ADD CONSTRAINT ballots_vote_phase_id_094d0404_fk_cocreation_phase_id FOREIGN KEY (phase_id) REFERENCES public.cocreation_phase(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budgets_division
    ADD CONSTRAINT budgets_division_process_id_9aa80e11_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budgets_envelope
    ADD CONSTRAINT budgets_envelope_place_id_142cf200_fk_cocreation_place_id FOREIGN KEY (place_id) REFERENCES public.cocreation_place(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budgets_envelope
    ADD CONSTRAINT budgets_envelope_process_id_a48cf32c_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budgets_share
    ADD CONSTRAINT budgets_share_division_id_416040a0_fk_budgets_division_id FOREIGN KEY (division_id) REFERENCES public.budgets_division(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.budgets_share
    ADD CONSTRAINT budgets_share_place_id_2a745fd1_fk_cocreation_place_id FOREIGN KEY (place_id) REFERENCES public.cocreation_place(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_approval
    ADD CONSTRAINT cocreation_approval_about_id_ebd89e57_fk_accounts_person_id FOREIGN KEY (about_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_approval
    ADD CONSTRAINT cocreation_approval_approved_by_id_f6be12a7_fk_accounts_ FOREIGN KEY (approved_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_approval
    ADD CONSTRAINT cocreation_approval_asked_by_id_d3fee631_fk_accounts_person_id FOREIGN KEY (asked_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_approval
    ADD CONSTRAINT cocreation_approval_declined_by_id_a4bcfb6b_fk_accounts_ FOREIGN KEY (declined_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_approval
    ADD CONSTRAINT cocreation_approval_process_id_c98dd1d1_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_attachment
    ADD CONSTRAINT cocreation_attachmen_contribution_id_57924cd2_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_attachment
    ADD CONSTRAINT cocreation_attachmen_uploaded_by_id_ba6850d2_fk_accounts_ FOREIGN KEY (uploaded_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_changerecord
    ADD CONSTRAINT cocreation_changerec_process_id_2f403ef4_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_changerecord
    ADD CONSTRAINT cocreation_changerecord_by_id_49fe94e8_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_checksource
    ADD CONSTRAINT cocreation_checksour_process_id_d7c8c4ed_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_configchange
    ADD CONSTRAINT cocreation_configcha_process_id_c1fb73c5_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_configchange
    ADD CONSTRAINT cocreation_configcha_undoes_id_e354bfa6_fk_cocreatio FOREIGN KEY (undoes_id) REFERENCES public.cocreation_configchange(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_configchange
    ADD CONSTRAINT cocreation_configchange_by_id_1beb0635_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_contribution
    ADD CONSTRAINT cocreation_contribut_author_id_ce51d846_fk_accounts_ FOREIGN KEY (author_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_contribution
    ADD CONSTRAINT cocreation_contribut_organisation_id_9f30c137_fk_accounts_ FOREIGN KEY (organisation_id) REFERENCES public.accounts_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_contribution
    ADD CONSTRAINT cocreation_contribut_phase_id_6c5cf654_fk_cocreatio FOREIGN KEY (phase_id) REFERENCES public.cocreation_phase(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_contribution
    ADD CONSTRAINT cocreation_contribut_process_id_fe6ad26c_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_dryrun
    ADD CONSTRAINT cocreation_dryrun_made_by_id_bbe57b9a_fk_accounts_person_id FOREIGN KEY (made_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_dryrun_people
    ADD CONSTRAINT cocreation_dryrun_pe_dryrun_id_3e973ed1_fk_cocreatio FOREIGN KEY (dryrun_id) REFERENCES public.cocreation_dryrun(process_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_dryrun_people
    ADD CONSTRAINT cocreation_dryrun_pe_person_id_9b089e11_fk_accounts_ FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_dryrun
    ADD CONSTRAINT cocreation_dryrun_process_id_057ee15d_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_eligibility
    ADD CONSTRAINT cocreation_eligibili_process_id_7dc33427_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_eligibility
    ADD CONSTRAINT cocreation_eligibili_seen_in_id_afc084d4_fk_cocreatio FOREIGN KEY (seen_in_id) REFERENCES public.cocreation_registerimport(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_eligibility
    ADD CONSTRAINT cocreation_eligibility_person_id_01656c9a_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_follow
    ADD CONSTRAINT cocreation_follow_contribution_id_c07a6242_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_follow
    ADD CONSTRAINT cocreation_follow_person_id_92ea11de_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_follow
    ADD CONSTRAINT cocreation_follow_place_id_fc3ac230_fk_cocreation_place_id FOREIGN KEY (place_id) REFERENCES public.cocreation_place(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_follow
    ADD CONSTRAINT cocreation_follow_process_id_80a7502f_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_gateanswer
    ADD CONSTRAINT cocreation_gateanswe_process_id_af37ed1f_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_gateanswer
    ADD CONSTRAINT cocreation_gateanswe_waived_by_id_49238783_fk_accounts_ FOREIGN KEY (waived_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_group
    ADD CONSTRAINT cocreation_group_process_id_109746b8_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_groupinvitation
    ADD CONSTRAINT cocreation_groupinvi_created_by_id_8bd18290_fk_accounts_ FOREIGN KEY (created_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_groupinvitation
    ADD CONSTRAINT cocreation_groupinvi_group_id_5784bb46_fk_cocreatio FOREIGN KEY (group_id) REFERENCES public.cocreation_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_groupmembership
    ADD CONSTRAINT cocreation_groupmemb_added_by_id_706c3d1d_fk_accounts_ FOREIGN KEY (added_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_groupmembership
    ADD CONSTRAINT cocreation_groupmemb_group_id_1d92d88b_fk_cocreatio FOREIGN KEY (group_id) REFERENCES public.cocreation_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_groupmembership
    ADD CONSTRAINT cocreation_groupmemb_person_id_c2182b34_fk_accounts_ FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_hiding
    ADD CONSTRAINT cocreation_hiding_by_id_e3dfd185_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_hiding
    ADD CONSTRAINT cocreation_hiding_contribution_id_5a6e657f_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_hiding
    ADD CONSTRAINT cocreation_hiding_lifted_by_id_449a177f_fk_accounts_person_id FOREIGN KEY (lifted_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_identifiedvisit
    ADD CONSTRAINT cocreation_identifie_code_id_82d2988f_fk_cocreatio FOREIGN KEY (code_id) REFERENCES public.cocreation_lettercode(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_identifiedvisit
    ADD CONSTRAINT cocreation_identifie_entry_id_40b1ab70_fk_cocreatio FOREIGN KEY (entry_id) REFERENCES public.cocreation_eligibility(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_identifiedvisit
    ADD CONSTRAINT cocreation_identifie_process_id_d7c01d41_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_incomingpackage
    ADD CONSTRAINT cocreation_incomingpackage_by_id_7461b0ef_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_letterbatch
    ADD CONSTRAINT cocreation_letterbat_made_by_id_9c908136_fk_accounts_ FOREIGN KEY (made_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_letterbatch
    ADD CONSTRAINT cocreation_letterbat_process_id_e5606cad_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_lettercode
    ADD CONSTRAINT cocreation_lettercod_batch_id_41622f76_fk_cocreatio FOREIGN KEY (batch_id) REFERENCES public.cocreation_letterbatch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_lettercode
    ADD CONSTRAINT cocreation_lettercod_entry_id_4bc42157_fk_cocreatio FOREIGN KEY (entry_id) REFERENCES public.cocreation_eligibility(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_pendingact
    ADD CONSTRAINT cocreation_pendingac_completed_by_id_f7c09ea4_fk_accounts_ FOREIGN KEY (completed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_pendingact
    ADD CONSTRAINT cocreation_pendingac_process_id_99b13675_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_pendingact
    ADD CONSTRAINT cocreation_pendingact_person_id_c5dfaefc_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_phase
    ADD CONSTRAINT cocreation_phase_changed_by_id_bacf0253_fk_accounts_person_id FOREIGN KEY (changed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_phase
    ADD CONSTRAINT cocreation_phase_process_id_a8a9d3e8_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_place
    ADD CONSTRAINT cocreation_place_parent_id_e348d4ed_fk_cocreation_place_id FOREIGN KEY (parent_id) REFERENCES public.cocreation_place(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_previewlink
    ADD CONSTRAINT cocreation_previewli_created_by_id_8e5cca03_fk_accounts_ FOREIGN KEY (created_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_previewlink
    ADD CONSTRAINT cocreation_previewli_process_id_87e64e8b_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_privacyassessment
    ADD CONSTRAINT cocreation_privacyas_process_id_71e807f7_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_privacyassessment
    ADD CONSTRAINT cocreation_privacyas_signed_by_id_91daee83_fk_accounts_ FOREIGN KEY (signed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_privacyassessment
    ADD CONSTRAINT cocreation_privacyas_written_by_id_7f582d1c_fk_accounts_ FOREIGN KEY (written_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_process_contacts
    ADD CONSTRAINT cocreation_process_c_person_id_ab7dd0a1_fk_accounts_ FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_process_contacts
    ADD CONSTRAINT cocreation_process_c_process_id_c68c351a_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_process
    ADD CONSTRAINT cocreation_process_changed_by_id_388cc688_fk_accounts_person_id FOREIGN KEY (changed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_process
    ADD CONSTRAINT cocreation_process_created_by_id_1dbe9551_fk_accounts_person_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_process
    ADD CONSTRAINT cocreation_process_dry_run_of_id_64bee9f3_fk_cocreatio FOREIGN KEY (dry_run_of_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_process
    ADD CONSTRAINT cocreation_process_office_id_adc15914_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_process_places
    ADD CONSTRAINT cocreation_process_p_place_id_60163a73_fk_cocreatio FOREIGN KEY (place_id) REFERENCES public.cocreation_place(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_process_places
    ADD CONSTRAINT cocreation_process_p_process_id_7e1377a6_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_registerimport
    ADD CONSTRAINT cocreation_registeri_made_by_id_308a6bba_fk_accounts_ FOREIGN KEY (made_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_registerimport
    ADD CONSTRAINT cocreation_registeri_process_id_0d0f50c4_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_removedphase
    ADD CONSTRAINT cocreation_removedph_process_id_1ce5d532_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_removedphase
    ADD CONSTRAINT cocreation_removedph_removed_by_id_b7c233a8_fk_accounts_ FOREIGN KEY (removed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_rolegrant
    ADD CONSTRAINT cocreation_rolegrant_ended_by_id_b30f4306_fk_accounts_person_id FOREIGN KEY (ended_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_rolegrant
    ADD CONSTRAINT cocreation_rolegrant_granted_by_id_01299243_fk_accounts_ FOREIGN KEY (granted_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_rolegrant
    ADD CONSTRAINT cocreation_rolegrant_office_id_426949f5_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_rolegrant
    ADD CONSTRAINT cocreation_rolegrant_person_id_d61be568_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_rolegrant
    ADD CONSTRAINT cocreation_rolegrant_place_id_ecca084d_fk_cocreation_place_id FOREIGN KEY (place_id) REFERENCES public.cocreation_place(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_rolegrant
    ADD CONSTRAINT cocreation_rolegrant_process_id_7af01d46_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_savedrecipe
    ADD CONSTRAINT cocreation_savedreci_from_process_id_c38cdc92_fk_cocreatio FOREIGN KEY (from_process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_savedrecipe
    ADD CONSTRAINT cocreation_savedreci_removed_by_id_d69d0609_fk_accounts_ FOREIGN KEY (removed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_savedrecipe
    ADD CONSTRAINT cocreation_savedreci_saved_by_id_7ca44089_fk_accounts_ FOREIGN KEY (saved_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_training
    ADD CONSTRAINT cocreation_training_person_id_ca9b4d43_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_training
    ADD CONSTRAINT cocreation_training_recorded_by_id_e73619c6_fk_accounts_ FOREIGN KEY (recorded_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_training
    ADD CONSTRAINT cocreation_training_withdrawn_by_id_f767ff5e_fk_accounts_ FOREIGN KEY (withdrawn_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_withdrawal
    ADD CONSTRAINT cocreation_withdrawa_contribution_id_497b5a6e_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cocreation_withdrawal
    ADD CONSTRAINT cocreation_withdrawal_by_id_2727649f_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_commentrevision
    ADD CONSTRAINT conversation_comment_by_id_798f3b16_fk_accounts_ FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_commentrevision
    ADD CONSTRAINT conversation_comment_comment_id_3e24223a_fk_conversat FOREIGN KEY (comment_id) REFERENCES public.conversation_comment(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_comment
    ADD CONSTRAINT conversation_comment_copies FOREIGN KEY (contribution_id, process_id, is_public) REFERENCES public.cocreation_contribution(id, process_id, is_public) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.conversation_comment
    ADD CONSTRAINT conversation_comment_copies_of_subject FOREIGN KEY (on_id, process_id, on_is_public) REFERENCES public.cocreation_contribution(id, process_id, is_public) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.conversation_comment
    ADD CONSTRAINT conversation_comment_office_id_a2235205_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_comment
    ADD CONSTRAINT conversation_comment_parent_id_b818f835_fk_conversat FOREIGN KEY (parent_id) REFERENCES public.conversation_comment(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_comment
    ADD CONSTRAINT conversation_comment_phase_id_9db5b876_fk_cocreation_phase_id FOREIGN KEY (phase_id) REFERENCES public.cocreation_phase(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_comment
    ADD CONSTRAINT conversation_comment_process_id_8eec379f_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_helpful
    ADD CONSTRAINT conversation_helpful_comment_id_cf51d4d7_fk_conversat FOREIGN KEY (comment_id) REFERENCES public.conversation_comment(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_helpful
    ADD CONSTRAINT conversation_helpful_person_id_93fd017b_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_summary
    ADD CONSTRAINT conversation_summary_by_id_53e0241c_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_summary
    ADD CONSTRAINT conversation_summary_office_id_3cbcea06_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_summary
    ADD CONSTRAINT conversation_summary_on_id_8b774756_fk_cocreatio FOREIGN KEY (on_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_summary
    ADD CONSTRAINT conversation_summary_phase_id_9789b66d_fk_cocreation_phase_id FOREIGN KEY (phase_id) REFERENCES public.cocreation_phase(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.conversation_summary
    ADD CONSTRAINT conversation_summary_process_id_68fc065f_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.council_consultation
    ADD CONSTRAINT council_consultation_paper_id_547c3891_fk_council_paper_id FOREIGN KEY (paper_id) REFERENCES public.council_paper(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.council_incouncil
    ADD CONSTRAINT council_incouncil_contribution_id_999e670c_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.council_incouncil
    ADD CONSTRAINT council_incouncil_paper_id_d6044cd9_fk_council_paper_id FOREIGN KEY (paper_id) REFERENCES public.council_paper(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.council_meeting
    ADD CONSTRAINT council_meeting_source_id_4f853ba4_fk_council_source_id FOREIGN KEY (source_id) REFERENCES public.council_source(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.council_paper
    ADD CONSTRAINT council_paper_source_id_23f88e91_fk_council_source_id FOREIGN KEY (source_id) REFERENCES public.council_source(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.council_source
    ADD CONSTRAINT council_source_made_by_id_635215db_fk_accounts_person_id FOREIGN KEY (made_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cowriting_draftupdate
    ADD CONSTRAINT cowriting_draftupdat_draft_id_db46f7aa_fk_cowriting FOREIGN KEY (draft_id) REFERENCES public.cowriting_shareddraft(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cowriting_draftupdate
    ADD CONSTRAINT cowriting_draftupdate_by_id_7b42067b_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cowriting_shareddraft
    ADD CONSTRAINT cowriting_shareddraf_created_by_id_e31376f6_fk_accounts_ FOREIGN KEY (created_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cowriting_shareddraft
    ADD CONSTRAINT cowriting_shareddraf_discarded_by_id_2068c3b3_fk_accounts_ FOREIGN KEY (discarded_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.cowriting_shareddraft
    ADD CONSTRAINT cowriting_shareddraf_proposal_id_50177df7_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.defects_defect
    ADD CONSTRAINT defects_defect_copies FOREIGN KEY (contribution_id, process_id, is_public) REFERENCES public.cocreation_contribution(id, process_id, is_public) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.defects_defect
    ADD CONSTRAINT defects_defect_place_id_5e9c7b50_fk_cocreation_place_id FOREIGN KEY (place_id) REFERENCES public.cocreation_place(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.defects_defect
    ADD CONSTRAINT defects_defect_process_id_df8be460_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.defects_defect
    ADD CONSTRAINT defects_defect_service_id_62e8a0a4_fk_defects_service_id FOREIGN KEY (service_id) REFERENCES public.defects_service(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.defects_service
    ADD CONSTRAINT defects_service_office_id_99564bc9_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_answerdraft
    ADD CONSTRAINT feedback_answerdraft_changed_by_id_ecf259e6_fk_accounts_ FOREIGN KEY (changed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_answerdraft
    ADD CONSTRAINT feedback_answerdraft_contribution_id_1ecc9486_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_answerdraft
    ADD CONSTRAINT feedback_answerdraft_office_id_47df8fae_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_answerdraft
    ADD CONSTRAINT feedback_answerdraft_process_id_540747f7_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_answerdraft
    ADD CONSTRAINT feedback_answerdraft_submitted_by_id_90c60a43_fk_accounts_ FOREIGN KEY (submitted_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_commitment
    ADD CONSTRAINT feedback_commitment_contribution_id_2598164a_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_commitment
    ADD CONSTRAINT feedback_commitment_office_id_a1da2d57_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_commitment
    ADD CONSTRAINT feedback_commitment_process_id_e34c20d6_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_delay
    ADD CONSTRAINT feedback_delay_by_id_30f9f0c0_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_delay
    ADD CONSTRAINT feedback_delay_commitment_id_ece7a616_fk_feedback_commitment_id FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_ending
    ADD CONSTRAINT feedback_ending_by_id_d3717926_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_ending
    ADD CONSTRAINT feedback_ending_commitment_id_4a7197a0_fk_feedback_ FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_evaluationreport
    ADD CONSTRAINT feedback_evaluationr_process_id_7ce01a43_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_evaluationreport
    ADD CONSTRAINT feedback_evaluationreport_by_id_94e8ce95_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_followup
    ADD CONSTRAINT feedback_followup_answer_id_5d739d1e_fk_feedback_ FOREIGN KEY (answer_id) REFERENCES public.feedback_officialanswer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_followup
    ADD CONSTRAINT feedback_followup_asked_by_id_349b8f4b_fk_accounts_person_id FOREIGN KEY (asked_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_followup
    ADD CONSTRAINT feedback_followup_process_id_4b63f546_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_followup
    ADD CONSTRAINT feedback_followup_replied_by_id_0004f59b_fk_accounts_person_id FOREIGN KEY (replied_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_handover
    ADD CONSTRAINT feedback_handover_by_id_ec93e958_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_handover
    ADD CONSTRAINT feedback_handover_commitment_id_e8d878f7_fk_feedback_ FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_handover
    ADD CONSTRAINT feedback_handover_new_office_id_8518fc6f_fk_cocreatio FOREIGN KEY (new_office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_handover
    ADD CONSTRAINT feedback_handover_old_office_id_de849121_fk_cocreatio FOREIGN KEY (old_office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_helpful
    ADD CONSTRAINT feedback_helpful_answer_id_5195bca6_fk_feedback_ FOREIGN KEY (answer_id) REFERENCES public.feedback_officialanswer(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_helpful
    ADD CONSTRAINT feedback_helpful_person_id_fc2d39e1_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_milestone
    ADD CONSTRAINT feedback_milestone_commitment_id_51d66119_fk_feedback_ FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_officialanswer
    ADD CONSTRAINT feedback_officialans_contribution_id_62dab8f9_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_officialanswer
    ADD CONSTRAINT feedback_officialans_draft_id_36097b14_fk_feedback_ FOREIGN KEY (draft_id) REFERENCES public.feedback_answerdraft(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_officialanswer
    ADD CONSTRAINT feedback_officialans_office_id_3141c535_fk_cocreatio FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_officialanswer
    ADD CONSTRAINT feedback_officialans_process_id_8bcb2850_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_officialanswer
    ADD CONSTRAINT feedback_officialans_read_by_id_d7b17eca_fk_accounts_ FOREIGN KEY (read_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_officialanswer
    ADD CONSTRAINT feedback_officialanswer_by_id_9f1a957f_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_opinion
    ADD CONSTRAINT feedback_opinion_commitment_id_0675b5ae_fk_feedback_ FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_opinion
    ADD CONSTRAINT feedback_opinion_person_id_956b7653_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_plan
    ADD CONSTRAINT feedback_plan_by_id_275fe1c7_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_plan
    ADD CONSTRAINT feedback_plan_office_id_094971f7_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_plan
    ADD CONSTRAINT feedback_plan_process_id_a5c1ccce_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_planparagraph
    ADD CONSTRAINT feedback_planparagraph_plan_id_3c59a06d_fk_feedback_plan_id FOREIGN KEY (plan_id) REFERENCES public.feedback_plan(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_plansource
    ADD CONSTRAINT feedback_plansource_contribution_id_2bed0032_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_plansource
    ADD CONSTRAINT feedback_plansource_paragraph_id_7d98e745_fk_feedback_ FOREIGN KEY (paragraph_id) REFERENCES public.feedback_planparagraph(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_pledge
    ADD CONSTRAINT feedback_pledge_organisation_id_ae1f8f24_fk_accounts_ FOREIGN KEY (organisation_id) REFERENCES public.accounts_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_pledge
    ADD CONSTRAINT feedback_pledge_person_id_6dfa5335_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_pledge
    ADD CONSTRAINT feedback_pledge_task_id_e8ccca77_fk_feedback_task_id FOREIGN KEY (task_id) REFERENCES public.feedback_task(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_posteranswer
    ADD CONSTRAINT feedback_posteranswe_commitment_id_d6a7874f_fk_feedback_ FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_release
    ADD CONSTRAINT feedback_release_commitment_id_e4675c5c_fk_feedback_ FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_reopening
    ADD CONSTRAINT feedback_reopening_by_id_1e00280c_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_reopening
    ADD CONSTRAINT feedback_reopening_commitment_id_f16f8806_fk_feedback_ FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_reopening
    ADD CONSTRAINT feedback_reopening_contribution_id_65960e2f_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_replyclock
    ADD CONSTRAINT feedback_replyclock_contribution_id_d2ff76f1_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_replyclock
    ADD CONSTRAINT feedback_replyclock_process_id_ce65ed47_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_replydate
    ADD CONSTRAINT feedback_replydate_process_id_1302a1ff_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_replyreminder
    ADD CONSTRAINT feedback_replyremind_office_id_8449de91_fk_cocreatio FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_replyreminder
    ADD CONSTRAINT feedback_replyremind_process_id_e181058a_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_spending
    ADD CONSTRAINT feedback_spending_by_id_7175beea_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_spending
    ADD CONSTRAINT feedback_spending_commitment_id_77506799_fk_feedback_ FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_task
    ADD CONSTRAINT feedback_task_by_id_91bc5dca_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_task
    ADD CONSTRAINT feedback_task_commitment_id_864d05e0_fk_feedback_commitment_id FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_update
    ADD CONSTRAINT feedback_update_commitment_id_f27e0c57_fk_feedback_ FOREIGN KEY (commitment_id) REFERENCES public.feedback_commitment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.feedback_update
    ADD CONSTRAINT feedback_update_contribution_id_0300f9b2_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_cluster
    ADD CONSTRAINT merging_cluster_made_by_id_1bb9857c_fk_accounts_person_id FOREIGN KEY (made_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_cluster
    ADD CONSTRAINT merging_cluster_process_id_25cc60bc_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_clustermember
    ADD CONSTRAINT merging_clustermembe_added_by_id_9d63d634_fk_accounts_ FOREIGN KEY (added_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_clustermember
    ADD CONSTRAINT merging_clustermembe_proposal_id_88edc4d6_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_clustermember
    ADD CONSTRAINT merging_clustermembe_removed_by_id_f12e30e7_fk_accounts_ FOREIGN KEY (removed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_clustermember
    ADD CONSTRAINT merging_clustermember_cluster_id_f6d09f89_fk_merging_cluster_id FOREIGN KEY (cluster_id) REFERENCES public.merging_cluster(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_jointtext
    ADD CONSTRAINT merging_jointtext_by_id_580cf586_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_jointtext
    ADD CONSTRAINT merging_jointtext_merge_id_d1665b08_fk_merging_merge_id FOREIGN KEY (merge_id) REFERENCES public.merging_merge(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_merge
    ADD CONSTRAINT merging_merge_process_id_ef392d62_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_merge
    ADD CONSTRAINT merging_merge_proposed_by_id_8d4be294_fk_accounts_person_id FOREIGN KEY (proposed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_mergepart
    ADD CONSTRAINT merging_mergepart_consented_by_id_7ad7025b_fk_accounts_ FOREIGN KEY (consented_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_mergepart
    ADD CONSTRAINT merging_mergepart_declined_by_id_4d199e15_fk_accounts_person_id FOREIGN KEY (declined_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_mergepart
    ADD CONSTRAINT merging_mergepart_merge_id_23ea0305_fk_merging_merge_id FOREIGN KEY (merge_id) REFERENCES public.merging_merge(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_mergepart
    ADD CONSTRAINT merging_mergepart_proposal_id_8006c656_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.merging_mergepart
    ADD CONSTRAINT merging_mergepart_split_by_id_9792634a_fk_accounts_person_id FOREIGN KEY (split_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_person_id FOREIGN KEY (user_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_appeal
    ADD CONSTRAINT moderation_appeal_by_id_5499db55_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_appeal
    ADD CONSTRAINT moderation_appeal_decided_by_id_56a03eee_fk_accounts_person_id FOREIGN KEY (decided_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_appeal
    ADD CONSTRAINT moderation_appeal_decision_id_532c82ec_fk_moderatio FOREIGN KEY (decision_id) REFERENCES public.moderation_decision(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_appeal
    ADD CONSTRAINT moderation_appeal_report_id_092ac442_fk_moderation_report_id FOREIGN KEY (report_id) REFERENCES public.moderation_report(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_case
    ADD CONSTRAINT moderation_case_contribution_id_aafbfb25_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_case
    ADD CONSTRAINT moderation_case_process_id_da3c250d_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_claim
    ADD CONSTRAINT moderation_claim_by_id_c40bf5f3_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_claim
    ADD CONSTRAINT moderation_claim_case_id_a5c619ab_fk_moderation_case_id FOREIGN KEY (case_id) REFERENCES public.moderation_case(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_decision
    ADD CONSTRAINT moderation_decision_by_id_c73b84b3_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_decision
    ADD CONSTRAINT moderation_decision_case_id_3f926bc5_fk_moderation_case_id FOREIGN KEY (case_id) REFERENCES public.moderation_case(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_decision
    ADD CONSTRAINT moderation_decision_contribution_id_f365b818_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_decision
    ADD CONSTRAINT moderation_decision_hiding_id_7b39b465_fk_cocreation_hiding_id FOREIGN KEY (hiding_id) REFERENCES public.cocreation_hiding(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_decision
    ADD CONSTRAINT moderation_decision_process_id_479b36c1_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_decision
    ADD CONSTRAINT moderation_decision_undone_by_id_00e1cdd9_fk_accounts_person_id FOREIGN KEY (undone_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_fingerprint
    ADD CONSTRAINT moderation_fingerpri_contribution_id_f93ffc87_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_fingerprint
    ADD CONSTRAINT moderation_fingerpri_process_id_06f3a9a7_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_mark
    ADD CONSTRAINT moderation_mark_case_id_20990d02_fk_moderation_case_id FOREIGN KEY (case_id) REFERENCES public.moderation_case(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_note
    ADD CONSTRAINT moderation_note_by_id_9873975f_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_note
    ADD CONSTRAINT moderation_note_case_id_38252d96_fk_moderation_case_id FOREIGN KEY (case_id) REFERENCES public.moderation_case(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_report
    ADD CONSTRAINT moderation_report_by_id_d6316cf9_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_report
    ADD CONSTRAINT moderation_report_case_id_69382b22_fk_moderation_case_id FOREIGN KEY (case_id) REFERENCES public.moderation_case(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_report
    ADD CONSTRAINT moderation_report_contribution_id_4024e194_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_rule
    ADD CONSTRAINT moderation_rule_process_id_d2cc3b25_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.moderation_watch
    ADD CONSTRAINT moderation_watch_process_id_e3ec0464_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_device
    ADD CONSTRAINT notices_device_person_id_e8bd8515_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_fanout
    ADD CONSTRAINT notices_fanout_contribution_id_26e106d7_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_fanout
    ADD CONSTRAINT notices_fanout_process_id_03c851eb_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_mail
    ADD CONSTRAINT notices_mail_person_id_f41c5ead_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_newsletter
    ADD CONSTRAINT notices_newsletter_made_by_id_573b6bbc_fk_accounts_person_id FOREIGN KEY (made_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_newsletter
    ADD CONSTRAINT notices_newsletter_process_id_be671b11_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_preference
    ADD CONSTRAINT notices_preference_person_id_199e9b5a_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_push
    ADD CONSTRAINT notices_push_device_id_2d13dbb6_fk_notices_device_id FOREIGN KEY (device_id) REFERENCES public.notices_device(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_push
    ADD CONSTRAINT notices_push_notice_id_864b458c_fk_notices_notice_id FOREIGN KEY (notice_id) REFERENCES public.notices_notice(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_stopped
    ADD CONSTRAINT notices_stopped_person_id_8db48664_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_thingrhythm
    ADD CONSTRAINT notices_thingrhythm_follow_id_fe9f13fc_fk_cocreation_follow_id FOREIGN KEY (follow_id) REFERENCES public.cocreation_follow(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.notices_wishes
    ADD CONSTRAINT notices_wishes_person_id_37f84eba_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.opendata_processpackage
    ADD CONSTRAINT opendata_processpack_process_id_bc38bc19_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.opendata_releasefile
    ADD CONSTRAINT opendata_releasefile_release_id_762af692_fk_opendata_release_id FOREIGN KEY (release_id) REFERENCES public.opendata_release(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_batch
    ADD CONSTRAINT paperwork_batch_first_by_id_e06675b7_fk_accounts_person_id FOREIGN KEY (first_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_batch
    ADD CONSTRAINT paperwork_batch_opened_by_id_1663abc3_fk_accounts_person_id FOREIGN KEY (opened_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_batch
    ADD CONSTRAINT paperwork_batch_second_by_id_87c93d89_fk_accounts_person_id FOREIGN KEY (second_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_batch
    ADD CONSTRAINT paperwork_batch_vote_id_4eca4c03_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_finish
    ADD CONSTRAINT paperwork_finish_by_id_9620bba4_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_finish
    ADD CONSTRAINT paperwork_finish_vote_id_5e83672a_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_papercode
    ADD CONSTRAINT paperwork_papercode_run_id_cad9fbc1_fk_paperwork_printrun_id FOREIGN KEY (run_id) REFERENCES public.paperwork_printrun(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_papercode
    ADD CONSTRAINT paperwork_papercode_vote_id_7ae44920_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_printrun
    ADD CONSTRAINT paperwork_printrun_printed_by_id_b601a49c_fk_accounts_person_id FOREIGN KEY (printed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_printrun
    ADD CONSTRAINT paperwork_printrun_vote_id_d16ef871_fk_ballots_vote_phase_id FOREIGN KEY (vote_id) REFERENCES public.ballots_vote(phase_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_scan
    ADD CONSTRAINT paperwork_scan_batch_id_cbce69f4_fk_paperwork_batch_id FOREIGN KEY (batch_id) REFERENCES public.paperwork_batch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_scan
    ADD CONSTRAINT paperwork_scan_uploaded_by_id_12c07100_fk_accounts_person_id FOREIGN KEY (uploaded_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.paperwork_typed
    ADD CONSTRAINT paperwork_typed_batch_id_568bc132_fk_paperwork_batch_id FOREIGN KEY (batch_id) REFERENCES public.paperwork_batch(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.privacy_breach
    ADD CONSTRAINT privacy_breach_noted_by_id_17023479_fk_accounts_person_id FOREIGN KEY (noted_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.privacy_consent
    ADD CONSTRAINT privacy_consent_person_id_ff91653f_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.privacy_consent
    ADD CONSTRAINT privacy_consent_text_id_5aa09ced_fk_privacy_consenttext_digest FOREIGN KEY (text_id) REFERENCES public.privacy_consenttext(digest) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.privacy_export
    ADD CONSTRAINT privacy_export_person_id_a755057b_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.privacy_noticereview
    ADD CONSTRAINT privacy_noticereview_by_id_e23235a2_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.privacy_noticeversion
    ADD CONSTRAINT privacy_noticeversio_published_by_id_1baca7fb_fk_accounts_ FOREIGN KEY (published_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.privacy_request
    ADD CONSTRAINT privacy_request_answered_by_id_91783418_fk_accounts_person_id FOREIGN KEY (answered_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.privacy_request
    ADD CONSTRAINT privacy_request_person_id_4489984f_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assessment
    ADD CONSTRAINT proposals_assessment_by_id_1bc8dfc9_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assessment
    ADD CONSTRAINT proposals_assessment_duplicate_of_id_731e0f19_fk_proposals FOREIGN KEY (duplicate_of_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assessment
    ADD CONSTRAINT proposals_assessment_implementer_id_d48b3a48_fk_cocreatio FOREIGN KEY (implementer_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assessment
    ADD CONSTRAINT proposals_assessment_office_id_2515d3e3_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assessment
    ADD CONSTRAINT proposals_assessment_proposal_id_d2ccc411_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assessment
    ADD CONSTRAINT proposals_assessment_signed_by_id_d9783d11_fk_accounts_ FOREIGN KEY (signed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assignment
    ADD CONSTRAINT proposals_assignment_by_id_b45e197f_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assignment
    ADD CONSTRAINT proposals_assignment_changed_by_id_86b29162_fk_accounts_ FOREIGN KEY (changed_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assignment
    ADD CONSTRAINT proposals_assignment_ended_by_id_b0a333a4_fk_accounts_person_id FOREIGN KEY (ended_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assignment
    ADD CONSTRAINT proposals_assignment_handed_to_id_f05536db_fk_cocreatio FOREIGN KEY (handed_to_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assignment
    ADD CONSTRAINT proposals_assignment_office_id_20d40193_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assignment
    ADD CONSTRAINT proposals_assignment_person_id_c995c033_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assignment
    ADD CONSTRAINT proposals_assignment_proposal_id_10de6717_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_assignment
    ADD CONSTRAINT proposals_assignment_submitted_by_id_76b73ce7_fk_accounts_ FOREIGN KEY (submitted_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_authorship
    ADD CONSTRAINT proposals_authorship_invited_by_id_db670b9f_fk_accounts_ FOREIGN KEY (invited_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_authorship
    ADD CONSTRAINT proposals_authorship_organisation_id_defc4df1_fk_accounts_ FOREIGN KEY (organisation_id) REFERENCES public.accounts_organisation(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_authorship
    ADD CONSTRAINT proposals_authorship_person_id_6edeb009_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_authorship
    ADD CONSTRAINT proposals_authorship_proposal_id_b9666188_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_clarification
    ADD CONSTRAINT proposals_clarificat_answered_by_id_6d672ab6_fk_accounts_ FOREIGN KEY (answered_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_clarification
    ADD CONSTRAINT proposals_clarificat_asked_by_id_5d4834aa_fk_accounts_ FOREIGN KEY (asked_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_clarification
    ADD CONSTRAINT proposals_clarificat_office_id_07fa30fd_fk_cocreatio FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_clarification
    ADD CONSTRAINT proposals_clarificat_proposal_id_5ecc8433_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_listexport
    ADD CONSTRAINT proposals_listexport_person_id_baff5865_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_listexport
    ADD CONSTRAINT proposals_listexport_process_id_5855320e_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_proposal
    ADD CONSTRAINT proposals_proposal_copies FOREIGN KEY (contribution_id, process_id, is_public) REFERENCES public.cocreation_contribution(id, process_id, is_public) ON UPDATE CASCADE ON DELETE CASCADE;

ALTER TABLE ONLY public.proposals_proposal
    ADD CONSTRAINT proposals_proposal_lives_in_id_62c104ff_fk_proposals FOREIGN KEY (lives_in_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_proposal
    ADD CONSTRAINT proposals_proposal_place_id_d93ff61e_fk_cocreation_place_id FOREIGN KEY (place_id) REFERENCES public.cocreation_place(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_proposal
    ADD CONSTRAINT proposals_proposal_process_id_ec6be28a_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_revision
    ADD CONSTRAINT proposals_revision_by_id_91a20962_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_revision
    ADD CONSTRAINT proposals_revision_proposal_id_fe0e823c_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_shown
    ADD CONSTRAINT proposals_shown_proposal_id_d3f83099_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_stagemove
    ADD CONSTRAINT proposals_stagemove_by_id_4fd38f96_fk_accounts_person_id FOREIGN KEY (by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_stagemove
    ADD CONSTRAINT proposals_stagemove_office_id_7b914bdc_fk_cocreation_office_id FOREIGN KEY (office_id) REFERENCES public.cocreation_office(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_stagemove
    ADD CONSTRAINT proposals_stagemove_proposal_id_a3c6eb26_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_support
    ADD CONSTRAINT proposals_support_person_id_8309f936_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_support
    ADD CONSTRAINT proposals_support_proposal_id_ebf8ae1d_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_support
    ADD CONSTRAINT proposals_support_via_id_b2ecdac7_fk_proposals FOREIGN KEY (via_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_takeover
    ADD CONSTRAINT proposals_takeover_decided_by_id_cb0296c9_fk_accounts_person_id FOREIGN KEY (decided_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_takeover
    ADD CONSTRAINT proposals_takeover_person_id_891698ac_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_takeover
    ADD CONSTRAINT proposals_takeover_proposal_id_d63c8464_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_textdraft
    ADD CONSTRAINT proposals_textdraft_person_id_efbd6176_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.proposals_textdraft
    ADD CONSTRAINT proposals_textdraft_proposal_id_68a6025a_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.reach_asking
    ADD CONSTRAINT reach_asking_process_id_3601c403_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.reach_cell
    ADD CONSTRAINT reach_cell_process_id_fa6b9019_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.searches_savedsearch
    ADD CONSTRAINT searches_savedsearch_person_id_b0469966_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.searches_savedsearch
    ADD CONSTRAINT searches_savedsearch_process_id_7a3fed39_fk_cocreatio FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.tokens_token
    ADD CONSTRAINT tokens_token_person_id_1f08c7d2_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.variants_annotation
    ADD CONSTRAINT variants_annotation_contribution_id_84380650_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.variants_annotation
    ADD CONSTRAINT variants_annotation_variant_id_b27bcb8d_fk_variants_variant_id FOREIGN KEY (variant_id) REFERENCES public.variants_variant(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.variants_preference
    ADD CONSTRAINT variants_preference_person_id_a4b0397e_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.variants_preference
    ADD CONSTRAINT variants_preference_variant_id_e6c8b689_fk_variants_variant_id FOREIGN KEY (variant_id) REFERENCES public.variants_variant(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.variants_variant
    ADD CONSTRAINT variants_variant_added_by_id_b357b03e_fk_accounts_person_id FOREIGN KEY (added_by_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.variants_variant
    ADD CONSTRAINT variants_variant_picture_id_d0c0fa1a_fk_cocreatio FOREIGN KEY (picture_id) REFERENCES public.cocreation_attachment(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.variants_variant
    ADD CONSTRAINT variants_variant_proposal_id_85096ddb_fk_proposals FOREIGN KEY (proposal_id) REFERENCES public.proposals_proposal(contribution_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.webapi_keptanswer
    ADD CONSTRAINT webapi_keptanswer_person_id_98468daa_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.webhooks_delivery
    ADD CONSTRAINT webhooks_delivery_contribution_id_a74064c0_fk_cocreatio FOREIGN KEY (contribution_id) REFERENCES public.cocreation_contribution(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.webhooks_delivery
    ADD CONSTRAINT webhooks_delivery_process_id_5d2f1f4a_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.webhooks_delivery
    ADD CONSTRAINT webhooks_delivery_webhook_id_27345d75_fk_webhooks_webhook_id FOREIGN KEY (webhook_id) REFERENCES public.webhooks_webhook(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.webhooks_webhook
    ADD CONSTRAINT webhooks_webhook_person_id_4a8fed89_fk_accounts_person_id FOREIGN KEY (person_id) REFERENCES public.accounts_person(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.webhooks_webhook
    ADD CONSTRAINT webhooks_webhook_process_id_6096713d_fk_cocreation_process_id FOREIGN KEY (process_id) REFERENCES public.cocreation_process(id) DEFERRABLE INITIALLY DEFERRED;

