//! Repetition, and signing together.

use super::{Reader, child, ours, text::Purpose};
use crate::{
    model::{BANHAO_NAMESPACE, Node},
    problem::shortened,
    repeat::{Many, Repeat, Sign, SignMode},
    tree::Element,
};

/// Prefixes under which modelers write `collection` and `elementVariable`.
const MODELERS: [&str; 3] = ["camunda", "flowable", "activiti"];

const HOW_MANY: Purpose = Purpose { zh: "次数（loopCardinality）", en: "number of instances (loopCardinality)" };
const LIST: Purpose = Purpose { zh: "清单（collection）", en: "collection" };
const COMPLETION: Purpose = Purpose { zh: "完成条件（completionCondition）", en: "completion condition" };
const AGAIN: Purpose = Purpose { zh: "循环条件（loopCondition）", en: "loop condition" };
const SIGNERS: Purpose = Purpose { zh: "签署人名单（banhao:signers）", en: "list of signers (banhao:signers)" };

impl<'d> Reader<'d> {
    /// A loop or multi-instance marker.
    pub(super) fn repeat(&mut self, element: &'d Element, id: &str) -> Option<Repeat> {
        if element.name.local == "standardLoopCharacteristics" {
            return self.repeat_while(element, id);
        }
        let zeebe = child(element, "extensionElements")
            .and_then(|extensions| extensions.children().find(|extension| extension.name.local == "loopCharacteristics"));
        let mut many = Many { sequential: element.attribute("isSequential") == Some("true"), ..Many::default() };
        let mut list = None;
        for part in ours(element) {
            match part.name.local.as_str() {
                "documentation" | "extensionElements" | "loopDataOutputRef" | "outputDataItem" => {}
                "loopCardinality" => many.cardinality = self.expression(part, id, HOW_MANY, &part.text()),
                "loopDataInputRef" => list = Some(part.text()),
                "inputDataItem" => many.item = part.attribute("name").or_else(|| part.attribute("id")).map(str::to_owned),
                "completionCondition" => many.completion = self.expression(part, id, COMPLETION, &part.text()),
                _ => self.kept(part),
            }
        }
        let list = foreign(element, "collection").or(list).or_else(|| Some(zeebe?.attribute("inputCollection")?.to_owned()));
        many.collection = list.and_then(|list| self.expression(element, id, LIST, &list));
        let item = element.attribute_in(BANHAO_NAMESPACE, "item").map(str::to_owned).or_else(|| foreign(element, "elementVariable"));
        many.item = item.or(many.item).or_else(|| Some(zeebe?.attribute("inputElement")?.to_owned()));
        Some(Repeat::Many(many))
    }

    fn repeat_while(&mut self, element: &'d Element, id: &str) -> Option<Repeat> {
        let condition = child(element, "loopCondition").and_then(|part| self.expression(part, id, AGAIN, &part.text()));
        let maximum = match element.attribute("loopMaximum").map(str::trim) {
            None => None,
            Some(text) => {
                let number = text.parse().ok();
                if number.is_none() {
                    let text = shortened(text);
                    self.wrong(
                        "loop-maximum",
                        element,
                        id,
                        format!("“{id}”最多循环几次（loopMaximum）应是整数，现为“{text}”。"),
                        format!("The most rounds of “{id}” (loopMaximum) must be a whole number, not “{text}”."),
                    );
                }
                number
            }
        };
        Some(Repeat::Loop { before: element.attribute("testBefore") == Some("true"), condition, maximum })
    }

    /// 会签、或签、依次签、票签 on a task of a person.
    pub(super) fn sign(&mut self, element: &'d Element, node: &mut Node) {
        let id = node.id.clone();
        let ours = |name: &str| node.attributes.get(&format!("banhao:{name}")).map(|value| value.trim().to_owned());
        let (Some(mode), signers, share, veto) = (ours("sign"), ours("signers"), ours("share"), ours("veto")) else { return };
        if !node.kind.is_human() {
            self.wrong(
                "sign-not-here",
                element,
                &id,
                format!("只有人工办理的任务才能会签，“{id}”不是（banhao:sign）。"),
                format!("Only tasks of people can be signed together; “{id}” is none (banhao:sign)."),
            );
            return;
        }
        let mode = match mode.as_str() {
            "all" => SignMode::All,
            "any" => SignMode::Any,
            "turn" => SignMode::Turn,
            "vote" => match share.as_deref().and_then(fraction) {
                Some((of, out_of)) => SignMode::Vote { of, out_of },
                None => {
                    self.wrong(
                        "sign-share",
                        element,
                        &id,
                        format!("票签任务“{id}”要写明同意的人占多少才算通过，例如 banhao:share=\"2/3\"。"),
                        format!("The vote “{id}” must say which share has to agree, such as banhao:share=\"2/3\"."),
                    );
                    return;
                }
            },
            other => {
                let other = shortened(other);
                self.wrong(
                    "sign-unknown",
                    element,
                    &id,
                    format!("“{id}”的签署方式“{other}”不认识。可写 all（会签）、any（或签）、turn（依次签）、vote（票签）。"),
                    format!("“{id}” has the unknown way of signing “{other}”. Write all, any, turn or vote."),
                );
                return;
            }
        };
        let drawn = match node.repeat.take() {
            Some(Repeat::Many(many)) => many,
            _ => Many::default(),
        };
        let collection = match signers {
            Some(signers) => self.expression(element, &id, SIGNERS, &signers),
            None => drawn.collection,
        };
        if collection.is_none() && !node.attributes.contains_key("banhao:signers") {
            self.wrong(
                "sign-without-signers",
                element,
                &id,
                format!("签署任务“{id}”要写明由谁签，例如 banhao:signers=\"signers\"。"),
                format!("The signing step “{id}” must say who signs, such as banhao:signers=\"signers\"."),
            );
        }
        node.repeat = Some(Repeat::Many(Many {
            sequential: mode == SignMode::Turn,
            cardinality: None,
            collection,
            item: Some("signer".to_owned()),
            completion: drawn.completion,
            sign: Some(Sign { mode, veto: veto.as_deref() == Some("true") }),
        }));
    }
}

/// Value of an attribute of ours or of a well-known modeler.
fn foreign(element: &Element, local: &str) -> Option<String> {
    element.attribute_in(BANHAO_NAMESPACE, local).map(str::to_owned).or_else(|| {
        let known = |attribute: &&crate::tree::Attribute| {
            attribute.name.local == local && attribute.name.prefix.as_deref().is_some_and(|prefix| MODELERS.contains(&prefix))
        };
        element.attributes.iter().find(known).map(|attribute| attribute.value.clone())
    })
}

/// “2/3” or “60%”: more than nothing, at most everything.
fn fraction(text: &str) -> Option<(u32, u32)> {
    let (of, out_of) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim().parse().ok()?, 100),
        None => {
            let (of, out_of) = text.split_once('/')?;
            (of.trim().parse().ok()?, out_of.trim().parse().ok()?)
        }
    };
    (of > 0 && of <= out_of).then_some((of, out_of))
}
