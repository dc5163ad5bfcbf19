"""Runs processes in SpiffWorkflow as it is told by lines of JSON, one answer for each line (docs/differential.md).

    {"do":"start","xml":TEXT,"variables":{}}            begins a run; the one before is forgotten
    {"do":"complete","task":ELEMENT,"variables":{}}     an open task of this element is done

Answer: {"open":[ELEMENT],"ends":[ELEMENT],"state":"running"|"over"} or {"error":TEXT}.

SpiffWorkflow keeps variables at its tasks: what one branch sets, another does not see before they meet.
"""

import json
import sys
from io import BytesIO

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.defaults import EndEvent
from SpiffWorkflow.util.task import TaskState


class Run:
    """One run of one process."""

    def __init__(self, xml, variables):
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(BytesIO(xml.encode())))
        process = parser.get_process_ids()[0]
        self.ends = {}
        self.workflow = BpmnWorkflow(parser.get_spec(process), parser.get_subprocess_specs(process))
        self.workflow.get_tasks(state=TaskState.READY)[0].data.update(variables)
        self.go_on()

    def go_on(self):
        """Everything that needs nobody."""
        self.workflow.do_engine_steps(did_complete_task=self.see)

    def see(self, task):
        """Counts end events; the task may be gone from the tree later, when a loop comes round."""
        if isinstance(task.task_spec, EndEvent):
            self.ends[task.id] = task.task_spec.bpmn_id

    def open(self):
        """Tasks that wait for somebody."""
        return [task for task in self.workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]

    def complete(self, element, variables):
        """Does an open task."""
        task = next((task for task in self.open() if element_of(task) == element), None)
        if task is None:
            raise ValueError(f"{element} is not open")
        task.data.update(variables)
        task.run()
        self.go_on()

    def told(self):
        """How it stands."""
        open_tasks = sorted(element_of(task) for task in self.open())
        return {"open": open_tasks, "ends": sorted(self.ends.values()), "state": "over" if self.workflow.completed else "running"}


def element_of(task):
    """The element's id; instances of a repetition have one of their own that begins with it."""
    return task.task_spec.bpmn_id or task.task_spec.name


def main():
    run = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "start":
                run = None
                run = Run(request["xml"], request["variables"])
            else:
                run.complete(request["task"], request["variables"])
            answer = run.told()
        except Exception as error:  # whatever it is, it is this engine's answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
