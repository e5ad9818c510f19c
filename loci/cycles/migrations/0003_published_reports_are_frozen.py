from django.db import migrations

FREEZE = """
CREATE FUNCTION cycles_section_is_frozen() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM cycles_report
        WHERE id = NEW.report_id AND state IN ('published', 'superseded')
    ) THEN
        RAISE EXCEPTION 'a published report is not changed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER cycles_section_frozen BEFORE INSERT OR UPDATE ON cycles_reportsection
    FOR EACH ROW EXECUTE FUNCTION cycles_section_is_frozen();

CREATE FUNCTION cycles_report_is_frozen() RETURNS trigger AS $$
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
CREATE TRIGGER cycles_report_frozen BEFORE UPDATE ON cycles_report
    FOR EACH ROW EXECUTE FUNCTION cycles_report_is_frozen();
"""
THAW = """
DROP TRIGGER cycles_report_frozen ON cycles_report;
DROP FUNCTION cycles_report_is_frozen();
DROP TRIGGER cycles_section_frozen ON cycles_reportsection;
DROP FUNCTION cycles_section_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("cycles", "0002_reports")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
