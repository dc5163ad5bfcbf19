"""SpiffWorkflow through the approval of the benchmark, as fast as it goes: python bench_spiff.py FILE memory|written|reread SECONDS.

Prints one JSON object: instances, seconds, version. `written`: the state is written as JSON after every step; `reread`: and the run goes
on from what is read from it. The model is parsed once; a run that does not end as it should is an error, never a number."""

import json
import re
import sys
import time
from importlib.metadata import version

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

ANSWERS = {"accept": {"accepted": True}, "review": {"passed": True}, "decide": {}}


def parsed(path):
    text = open(path, encoding="utf-8").read()
    text = re.sub(r"(<conditionExpression[^>]*>)(\w+) = true<", r"\1\2 == True<", text)
    parser = BpmnParser()
    parser.add_bpmn_str(text.encode())
    return parser.get_spec("approval")


def run(spec, keep):
    workflow = keep(BpmnWorkflow(spec))
    workflow.do_engine_steps()
    workflow = keep(workflow)
    steps = []
    while not workflow.is_completed():
        (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
        steps.append(task.task_spec.name)
        task.set_data(**ANSWERS[task.task_spec.name])
        task.run()
        workflow.do_engine_steps()
        workflow = keep(workflow)
    if steps != ["accept", "review", "decide"]:
        raise SystemExit(f"the run went wrong: {steps}")


def main():
    path, mode, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    spec, serializer = parsed(path), BpmnWorkflowSerializer()

    def written(workflow):
        serializer.serialize_json(workflow)
        return workflow

    def reread(workflow):
        return serializer.deserialize_json(serializer.serialize_json(workflow))

    keep = {"memory": lambda workflow: workflow, "written": written, "reread": reread}[mode]
    until = time.perf_counter() + seconds / 5
    while time.perf_counter() < until:  # Warms up.
        run(spec, keep)
    instances, start = 0, time.perf_counter()
    while time.perf_counter() < start + seconds:
        run(spec, keep)
        instances += 1
    json.dump({"instances": instances, "seconds": time.perf_counter() - start, "version": version("SpiffWorkflow")}, sys.stdout)


main()
