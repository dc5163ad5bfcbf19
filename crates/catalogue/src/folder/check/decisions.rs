//! What a matter uses its decisions for: that they are there, and that what they name is there too.

use crate::{
    decisions::literals,
    folder::{Draft, reader::Places},
    model::{Matter, closest},
};

pub(super) fn check(draft: &Draft, matter: &Matter, places: &Places) {
    let model = draft.decisions.get(&matter.key).map(|(model, _)| model);
    let known: Vec<&str> = model.map(|model| model.decisions().collect()).unwrap_or_default();
    for (field, decision) in matter.decisions.named() {
        if !known.contains(&decision) {
            let meant = closest(decision, known.iter().copied()).map(|meant| format!("（{meant}？）")).unwrap_or_default();
            places.error(
                field,
                "decision-unknown",
                format!("decisions.dmn 里没有“{decision}”{meant}这个决策。"),
                format!("decisions.dmn has no decision `{decision}`."),
            );
        }
    }
    if matter.decisions.acceptance.is_some() && matter.decisions.acceptance_basis.is_none() {
        places.error(
            "decisions.acceptance_basis",
            "acceptance-basis-missing",
            "自动受理要写明依据（acceptance_basis）：哪部法律或者哪份文件允许系统当场受理。",
            "Acceptance by the platform needs its basis (acceptance_basis): the law or document that allows it.",
        );
    }
    let (Some(model), Some(decision)) = (model, matter.decisions.materials.as_deref()) else { return };
    let Some(table) = model.table(decision) else { return };
    let cells = table.rules.iter().flat_map(|rule| &rule.outputs);
    for key in cells.flat_map(|cell| literals(cell)).filter(|key| matter.material(key).is_none()) {
        let keys = matter.materials.iter().map(|material| material.key.as_str());
        let meant = closest(key, keys).map(|meant| format!("（{meant}？）")).unwrap_or_default();
        places.error(
            "decisions.materials",
            "decision-material-unknown",
            format!("决策“{decision}”给出的材料“{key}”{meant}不在这个事项的材料里。"),
            format!("The decision `{decision}` gives `{key}`, which is no material of this matter."),
        );
    }
}
