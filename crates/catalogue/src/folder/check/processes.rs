//! The process of a matter: acts, posts and special procedures of its tasks, conditions of its flows, and whether there
//! are people who can do it.

use std::collections::BTreeSet;

use banhao_bpmn::{NodeKind, Repeat};
use banhao_decision::Expression;

use super::{expressions, steps};
use crate::{
    folder::{Draft, reader::Places},
    model::{ItemType, Matter, Post, SpecialKind},
    timers::is_plain,
};

/// What a task does.
const ACTS: [&str; 7] = ["accept", "review", "inspect", "decide", "make", "deliver", "remind"];
/// Variables the acts set.
const ACT_VARIABLES: [&str; 5] = ["acceptance", "review", "inspection", "decision", "reply"];
/// Variables that repeated activities set for themselves and their completion conditions.
const ROUND_VARIABLES: [&str; 4] = ["nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances", "loopCounter"];

pub(super) fn check(draft: &Draft, matter: &Matter, matter_places: &Places) {
    let Some((process, _)) = draft.processes.get(&matter.key) else { return };
    let Some(places) = draft.places_of(&format!("matters/{}/process.bpmn", matter.key)) else { return };
    let mut acts = BTreeSet::new();
    let mut posts = BTreeSet::new();
    for node in process.nodes().iter().filter(|node| node.kind().is_human() || node.kind() == NodeKind::ServiceTask) {
        let act = node.attribute("banhao:act").unwrap_or_default();
        if ACTS.contains(&act) {
            acts.insert(act);
        } else {
            places.error_in_line(
                node.line(),
                node.id(),
                "act-unknown",
                format!("环节“{}”要写 banhao:act，可以是：{}", node.name().unwrap_or(node.id()), ACTS.join("、")),
                format!("The task `{}` needs banhao:act, one of: {}", node.id(), ACTS.join(", ")),
            );
        }
        if node.kind() != NodeKind::ServiceTask {
            match node.attribute("banhao:post").and_then(Post::parse) {
                Some(post) => {
                    posts.insert(post);
                }
                None => places.error_in_line(
                    node.line(),
                    node.id(),
                    "post-unknown",
                    format!("环节“{}”要写 banhao:post，例如 acceptor、reviewer、decider、exit-clerk。", node.name().unwrap_or(node.id())),
                    format!("The task `{}` needs banhao:post, such as acceptor, reviewer, decider, exit-clerk.", node.id()),
                ),
            }
        }
        if let Some(days) = node.attribute("banhao:days")
            && days.parse::<u16>().is_err()
        {
            places.error_in_line(
                node.line(),
                node.id(),
                "days-format",
                format!("banhao:days 应当是整数，现在是“{days}”。"),
                format!("banhao:days should be a whole number, it is `{days}`."),
            );
        }
        if let Some(kind) = node.attribute("banhao:special") {
            let is_declared =
                SpecialKind::parse(kind).is_some_and(|kind| matter.special_procedures.iter().any(|procedure| procedure.kind == kind));
            if !is_declared {
                places.error_in_line(
                    node.line(),
                    node.id(),
                    "special-unknown",
                    format!("matter.toml 的 [[special_procedures]] 里没有“{kind}”。"),
                    format!("`{kind}` is not among the [[special_procedures]] of matter.toml."),
                );
            }
        }
    }
    for act in ["accept", "decide"] {
        if !acts.contains(act) {
            places.error_in_line(
                1,
                process.id(),
                "act-missing",
                format!("流程里没有 banhao:act=\"{act}\" 的环节。"),
                format!("No task of the process has banhao:act=\"{act}\"."),
            );
        }
    }
    steps::check(draft, &matter.key, process, places);
    conditions(draft, matter, places);
    people(draft, matter, &posts, matter_places);
}

fn conditions(draft: &Draft, matter: &Matter, places: &Places) {
    let Some((process, _)) = draft.processes.get(&matter.key) else { return };
    let of_process = own_variables(process);
    for (element, text) in process.expressions() {
        let line =
            process.flow(element).map(banhao_bpmn::Flow::line).or_else(|| process.node(element).map(banhao_bpmn::Node::line)).unwrap_or(0);
        // Times are plain ISO 8601 texts more often than expressions.
        if process.node(element).is_some_and(|node| node.timer().is_some()) && is_plain(text) {
            continue;
        }
        let expression = match Expression::parse(text) {
            Ok(expression) => expression,
            Err(error) => {
                places.error_in_line(line, element, error.code(), error.zh(), error.to_string());
                continue;
            }
        };
        places.at_line(element, line);
        let mut given = vec!["form", "q"];
        given.extend(ACT_VARIABLES);
        given.extend(ROUND_VARIABLES);
        given.extend(of_process.iter().map(String::as_str));
        expressions::roots(places, element, &expression, &given);
        expressions::questions(places, element, &expression, matter);
        let Some(form) = draft.forms.get(&matter.key) else { continue };
        expressions::answers(places, element, &expression, form);
        for key in expression.paths("form") {
            if form.field(&key).is_some_and(|field| field.personal) {
                places.error(
                    element,
                    "condition-personal",
                    format!("form.{key} 是个人信息，不进流程，不能用来决定走向。"),
                    format!("form.{key} is personal data, which does not enter the process."),
                );
            }
        }
    }
}

/// Everything a process sets on its way: what acts, signing and rules came to.
pub(super) fn variables(process: &banhao_bpmn::Model) -> BTreeSet<String> {
    ACT_VARIABLES.iter().map(|name| (*name).to_owned()).chain(own_variables(process)).collect()
}

/// Variables that the process itself sets: what signing came to, the items of repetitions, results of decisions.
fn own_variables(process: &banhao_bpmn::Model) -> Vec<String> {
    let mut names = Vec::new();
    for node in process.nodes() {
        if let Some(Repeat::Many(many)) = node.repeat() {
            names.extend(many.item.clone());
            if many.sign.is_some() {
                names.extend(["agreed", "agree", "disagree"].map(|part| format!("{}_{part}", node.id())));
            }
        }
        names.extend(node.attribute("banhao:result").map(ToOwned::to_owned));
    }
    names
}

/// Whether somebody holds each post the process needs, and review and decision need not fall to one person.
fn people(draft: &Draft, matter: &Matter, posts: &BTreeSet<Post>, places: &Places) {
    if draft.staff.is_empty() {
        return;
    }
    let holders = |post: Post| {
        draft
            .staff
            .iter()
            .filter(|staff| staff.posts.contains(&post))
            .filter(|staff| {
                staff.organisation == matter.organisation
                    || (matches!(post, Post::ExitClerk | Post::WindowClerk | Post::Acceptor)
                        && staff.hall.as_ref().is_some_and(|hall| matter.halls.contains(hall)))
            })
            .map(|staff| staff.login.as_str())
            .collect::<BTreeSet<_>>()
    };
    for post in posts {
        if holders(*post).is_empty() {
            places.warning(
                "organisation",
                "post-vacant",
                format!("流程要用的岗位 {post} 没有人，staff.toml 里要补上。"),
                format!("Nobody holds the post {post} that the process needs; add somebody to staff.toml."),
            );
        }
    }
    let (reviewers, deciders) = (holders(Post::Reviewer), holders(Post::Decider));
    let is_one_person = reviewers.len() == 1 && reviewers == deciders;
    if matter.item_type == ItemType::Licence && posts.contains(&Post::Reviewer) && is_one_person {
        places.warning(
            "organisation",
            "review-decide-same",
            "审查和决定只有同一个人，许可类的事要两个人。",
            "One person alone reviews and decides; a licence needs two.",
        );
    }
}
