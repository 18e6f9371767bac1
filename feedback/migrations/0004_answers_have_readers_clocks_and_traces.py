"""Second readers, reply clocks, follow-up questions and adopted texts; the database keeps what was said once as it was said."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FIXED = """
create or replace function feedback_fixed() returns trigger language plpgsql as $$
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
create function feedback_followup_once() returns trigger language plpgsql as $$
begin
  -- The question stands as it was asked; the reply is given once; people may be forgotten.
  if (to_jsonb(new) - array['asked_by_id', 'replied_by_id', 'replied_at', 'reply', 'reply_de', 'reply_en'])
     = (to_jsonb(old) - array['asked_by_id', 'replied_by_id', 'replied_at', 'reply', 'reply_de', 'reply_en'])
     and (new.asked_by_id is null or new.asked_by_id = old.asked_by_id)
     and (old.replied_at is null
          or (new.replied_at, new.reply_de, new.reply_en) is not distinct from (old.replied_at, old.reply_de, old.reply_en)
             and (new.replied_by_id is null or new.replied_by_id = old.replied_by_id)) then
    return new;
  end if;
  raise exception 'What was asked and answered in public is not changed.' using errcode = 'check_violation';
end $$;
create trigger feedback_followup_once before update on feedback_followup
  for each row execute function feedback_followup_once();
create trigger feedback_followup_stays before delete on feedback_followup for each row execute function feedback_stays();
create function feedback_dates_stand() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) is distinct from to_jsonb(old) then
    raise exception 'The date of an answer was fixed at the publication.' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger feedback_replydate_stands before update on feedback_replydate
  for each row execute function feedback_dates_stand();
create trigger feedback_replyclock_stands before update on feedback_replyclock
  for each row execute function feedback_dates_stand();
create function feedback_plan_stays() returns trigger language plpgsql as $$
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
create trigger feedback_plan_stays before update or delete on feedback_plan
  for each row execute function feedback_plan_stays();
create trigger feedback_planparagraph_stays before insert or update or delete on feedback_planparagraph
  for each row execute function feedback_plan_stays();
create trigger feedback_plansource_stays before insert or update or delete on feedback_plansource
  for each row execute function feedback_plan_stays();
"""

LOOSE = """
drop trigger feedback_plansource_stays on feedback_plansource;
drop trigger feedback_planparagraph_stays on feedback_planparagraph;
drop trigger feedback_plan_stays on feedback_plan;
drop function feedback_plan_stays();
drop trigger feedback_replyclock_stands on feedback_replyclock;
drop trigger feedback_replydate_stands on feedback_replydate;
drop function feedback_dates_stand();
drop trigger feedback_followup_stays on feedback_followup;
drop trigger feedback_followup_once on feedback_followup;
drop function feedback_followup_once();
create or replace function feedback_fixed() returns trigger language plpgsql as $$
begin
  -- Only the person behind it may be forgotten.
  if (to_jsonb(new) - 'by_id') = (to_jsonb(old) - 'by_id') and new.by_id is null then
    return new;
  end if;
  if (to_jsonb(old) ->> 'process_id')::bigint < 0 and (to_jsonb(new) ->> 'process_id')::bigint < 0 then
    return new;
  end if;
  raise exception 'What the city said in public is not changed; it is said anew.' using errcode = 'check_violation';
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cocreation", "0014_files_of_contributions"),
        ("feedback", "0003_dry_runs_may_go"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "targets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("scope", models.CharField(blank=True, max_length=200)),
                ("content", models.JSONField(blank=True, default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("returned_note", models.CharField(blank=True, max_length=500)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=600, verbose_name="question")),
                ("language", models.CharField(default="de", max_length=5)),
                ("asked_at", models.DateTimeField()),
                ("reply", models.TextField(blank=True, max_length=2000, verbose_name="reply")),
                ("reply_de", models.TextField(blank=True, max_length=2000, null=True, verbose_name="reply")),
                ("reply_en", models.TextField(blank=True, max_length=2000, null=True, verbose_name="reply")),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Helpful",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("yes", models.BooleanField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("title_de", models.CharField(max_length=160, null=True, verbose_name="title")),
                ("title_en", models.CharField(max_length=160, null=True, verbose_name="title")),
                ("link", models.URLField(blank=True, max_length=300, verbose_name="Link to the decision")),
                ("made_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "adopted text",
            },
        ),
        migrations.CreateModel(
            name="PlanParagraph",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("text", models.TextField(max_length=4000)),
                ("text_de", models.TextField(max_length=4000, null=True)),
                ("text_en", models.TextField(max_length=4000, null=True)),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="PlanSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReplyClock",
            fields=[
                (
                    "contribution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reply_clock",
                        serialize=False,
                        to="cocreation.contribution",
                    ),
                ),
                ("threshold", models.PositiveIntegerField()),
                ("reached_at", models.DateTimeField()),
                ("due", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReplyDate",
            fields=[
                (
                    "process",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="reply_date",
                        serialize=False,
                        to="cocreation.process",
                    ),
                ),
                ("due", models.DateTimeField()),
                ("threshold", models.PositiveIntegerField(default=0)),
                ("days", models.PositiveIntegerField(default=30)),
                ("fixed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReplyReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due", models.DateField()),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("14", "14 days before"),
                            ("3", "3 days before"),
                            ("late", "overdue"),
                            ("head", "to the head of the office"),
                        ],
                        max_length=4,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="officialanswer",
            name="feedback_officialanswer_open_has_date",
        ),
        migrations.AddField(
            model_name="officialanswer",
            name="due",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="officialanswer",
            name="needs_reader",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="officialanswer",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="officialanswer",
            name="read_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="officialanswer",
            name="reason_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("doable", "It can be done and paid for"),
                    ("chosen", "People chose it"),
                    ("planned", "It was planned already"),
                    ("text_changed", "The text was changed"),
                    ("not_chosen", "It did not get enough votes"),
                    ("too_dear", "Too expensive"),
                    ("law", "The law does not allow it"),
                    ("not_city", "Not for the city to decide"),
                    ("out_of_scope", "Not what this process is about"),
                    ("conflict", "It conflicts with other interests"),
                    ("later", "It needs more time to look into"),
                    ("other", "Another reason"),
                ],
                max_length=12,
                verbose_name="Reason in short",
            ),
        ),
        migrations.AddField(
            model_name="officialanswer",
            name="signed_as",
            field=models.CharField(
                blank=True,
                choices=[
                    ("head", "Head of the office"),
                    ("official", "Official in charge"),
                    ("admin", "For the office: the administration"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="officialanswer",
            name="link",
            field=models.URLField(blank=True, max_length=300, verbose_name="Link to the decision"),
        ),
        migrations.AlterField(
            model_name="officialanswer",
            name="status",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("being_checked", "Being checked"),
                    ("under_study", "Being looked into"),
                    ("accepted", "Accepted"),
                    ("partly_accepted", "Partly accepted"),
                    ("not_accepted", "Not accepted"),
                    ("in_progress", "Under way"),
                    ("done", "Done"),
                ],
                max_length=16,
                verbose_name="What does the city say?",
            ),
        ),
        migrations.AddField(
            model_name="answerdraft",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="answerdraft",
            name="contribution",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answer_drafts",
                to="cocreation.contribution",
            ),
        ),
        migrations.AddField(
            model_name="answerdraft",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cocreation.office"
            ),
        ),
        migrations.AddField(
            model_name="answerdraft",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cocreation.process"
            ),
        ),
        migrations.AddField(
            model_name="answerdraft",
            name="submitted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="officialanswer",
            name="draft",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="feedback.answerdraft",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["received", "being_checked", "under_study"]), _negated=True),
                    ("next_date__isnull", False),
                    _connector="OR",
                ),
                name="feedback_officialanswer_open_has_date",
                violation_error_message="While it is being looked into, people need the next date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("by__isnull", True),
                    ("read_by__isnull", True),
                    models.Q(("read_by", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="feedback_officialanswer_two_people",
                violation_error_message="Somebody else has to read it: you wrote it yourself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("needs_reader", False), ("read_at__isnull", False), _connector="OR"),
                name="feedback_officialanswer_read_where_needed",
                violation_error_message="A second person has to read it before it is published.",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="answer",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_up",
                to="feedback.officialanswer",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cocreation.process"
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="replied_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="helpful",
            name="answer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="helpful",
                to="feedback.officialanswer",
            ),
        ),
        migrations.AddField(
            model_name="helpful",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="cocreation.office",
                verbose_name="office",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="cocreation.process"
            ),
        ),
        migrations.AddField(
            model_name="planparagraph",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="paragraphs", to="feedback.plan"
            ),
        ),
        migrations.AddField(
            model_name="plansource",
            name="contribution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="landed",
                to="cocreation.contribution",
            ),
        ),
        migrations.AddField(
            model_name="plansource",
            name="paragraph",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sources",
                to="feedback.planparagraph",
            ),
        ),
        migrations.AddField(
            model_name="replyclock",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cocreation.process"
            ),
        ),
        migrations.AddField(
            model_name="replyreminder",
            name="office",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cocreation.office"
            ),
        ),
        migrations.AddField(
            model_name="replyreminder",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cocreation.process"
            ),
        ),
        migrations.AddIndex(
            model_name="answerdraft",
            index=models.Index(
                condition=models.Q(("published_at__isnull", True)),
                fields=["office"],
                name="feedback_answerdraft_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerdraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("contribution__isnull", False), ("published_at__isnull", True)),
                fields=("contribution",),
                name="feedback_answerdraft_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replied_at__isnull", True),
                    models.Q(
                        ("replied_at__isnull", False),
                        ("reply_de__isnull", False),
                        models.Q(("reply_de", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="feedback_followup_reply_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replied_at__isnull", True), ("replied_at__gte", models.F("asked_at")), _connector="OR"
                ),
                name="feedback_followup_reply_after",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpful",
            constraint=models.UniqueConstraint(
                fields=("answer", "person"), name="feedback_helpful_once_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="planparagraph",
            constraint=models.UniqueConstraint(
                fields=("plan", "order"), name="feedback_planparagraph_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="plansource",
            constraint=models.UniqueConstraint(
                fields=("paragraph", "contribution"), name="feedback_plansource_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="replyreminder",
            constraint=models.UniqueConstraint(
                fields=("office", "process", "due", "step"), name="feedback_replyreminder_once"
            ),
        ),
        migrations.RunSQL(FIXED, LOOSE),
    ]
