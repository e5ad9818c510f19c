from django.db import migrations

FREEZE = """
CREATE OR REPLACE FUNCTION cycles_report_is_frozen() RETURNS trigger AS $$
BEGIN
    IF OLD.state IN ('published', 'superseded') AND (
        NEW.state = 'draft' OR NEW.state = 'reading'
        OR (OLD.title, OLD.version, OLD.wave_id, OLD.reference, OLD.published_at,
            OLD.kind, OLD.cycle_id)
        IS DISTINCT FROM
        (NEW.title, NEW.version, NEW.wave_id, NEW.reference, NEW.published_at,
            NEW.kind, NEW.cycle_id)
    ) THEN
        RAISE EXCEPTION 'a published report is not changed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;

CREATE FUNCTION cycles_plan_is_frozen() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM cycles_report
        WHERE id = OLD.paper_id AND state IN ('published', 'superseded')
    ) AND (OLD.paper_id, OLD.format, OLD.host_id, OLD.starts_on, OLD.ends_on,
           OLD.budget, OLD.languages, OLD.has_interpretation)
    IS DISTINCT FROM
          (NEW.paper_id, NEW.format, NEW.host_id, NEW.starts_on, NEW.ends_on,
           NEW.budget, NEW.languages, NEW.has_interpretation)
    THEN
        RAISE EXCEPTION 'a published plan is not changed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER cycles_plan_frozen BEFORE UPDATE ON cycles_activityplan
    FOR EACH ROW EXECUTE FUNCTION cycles_plan_is_frozen();

CREATE FUNCTION cycles_plan_part_is_frozen() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM cycles_activityplan plan
        JOIN cycles_report paper ON paper.id = plan.paper_id
        WHERE plan.id = NEW.activityplan_id
        AND paper.state IN ('published', 'superseded')
    ) THEN
        RAISE EXCEPTION 'a published plan is not changed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER cycles_plan_needs_frozen BEFORE INSERT OR UPDATE
    ON cycles_activityplan_needs
    FOR EACH ROW EXECUTE FUNCTION cycles_plan_part_is_frozen();
CREATE TRIGGER cycles_plan_co_hosts_frozen BEFORE INSERT OR UPDATE
    ON cycles_activityplan_co_hosts
    FOR EACH ROW EXECUTE FUNCTION cycles_plan_part_is_frozen();
"""
THAW = """
DROP TRIGGER cycles_plan_co_hosts_frozen ON cycles_activityplan_co_hosts;
DROP TRIGGER cycles_plan_needs_frozen ON cycles_activityplan_needs;
DROP FUNCTION cycles_plan_part_is_frozen();
DROP TRIGGER cycles_plan_frozen ON cycles_activityplan;
DROP FUNCTION cycles_plan_is_frozen();
CREATE OR REPLACE FUNCTION cycles_report_is_frozen() RETURNS trigger AS $$
BEGIN
    IF OLD.state IN ('published', 'superseded') AND (
        NEW.state = 'draft' OR NEW.state = 'reading'
        OR (OLD.title, OLD.version, OLD.wave_id, OLD.reference, OLD.published_at)
        IS DISTINCT FROM
        (NEW.title, NEW.version, NEW.wave_id, NEW.reference, NEW.published_at)
    ) THEN
        RAISE EXCEPTION 'a published report is not changed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
"""


class Migration(migrations.Migration):
    dependencies = [("cycles", "0005_cycles_plans_and_cards")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
