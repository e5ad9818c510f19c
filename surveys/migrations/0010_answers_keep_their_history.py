from django.db import migrations

KEEP = """
INSERT INTO surveys_answerversion (answer_id, version, value, visibility, by_id, at)
SELECT id, version, value, visibility, by_id, updated_at FROM surveys_answer
ON CONFLICT (answer_id, version) DO NOTHING;

CREATE FUNCTION surveys_answer_keeps_its_history() RETURNS trigger AS $$
BEGIN
    INSERT INTO surveys_answerversion
        (answer_id, version, value, visibility, by_id, at)
    VALUES
        (NEW.id, NEW.version, NEW.value, NEW.visibility, NEW.by_id, NEW.updated_at);
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER surveys_answer_first AFTER INSERT ON surveys_answer
    FOR EACH ROW EXECUTE FUNCTION surveys_answer_keeps_its_history();
CREATE TRIGGER surveys_answer_next AFTER UPDATE ON surveys_answer
    FOR EACH ROW
    WHEN (OLD.version IS DISTINCT FROM NEW.version OR OLD.value IS DISTINCT FROM NEW.value)
    EXECUTE FUNCTION surveys_answer_keeps_its_history();
"""
LEAVE = """
DROP TRIGGER surveys_answer_next ON surveys_answer;
DROP TRIGGER surveys_answer_first ON surveys_answer;
DROP FUNCTION surveys_answer_keeps_its_history();
"""


class Migration(migrations.Migration):
    """What is in an answer is in its history, whoever writes it (promise 1)."""

    dependencies = [("surveys", "0009_notes_are_texts")]

    operations = [migrations.RunSQL(KEEP, LEAVE)]
