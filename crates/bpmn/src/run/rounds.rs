//! Activities done more than once, and people who sign together.

use serde_json::{Value, json};

use super::{MAX_INSTANCES, Run, RunError, Work};
use crate::{
    event::{Event, Gone, TaskRef},
    repeat::{Many, Repeat, Sign, SignMode},
    state::{Round, RoundKind, Stand, Token},
};

impl Run<'_> {
    pub(super) fn begin_rounds(&mut self, at: usize, token: u64) -> Result<(), RunError> {
        let node = &self.model.nodes[at];
        let frame = self.instance.tokens.get(&token).map_or(0, |token| token.frame);
        match &node.repeat {
            Some(Repeat::Loop { before, condition, maximum }) => {
                if *maximum == Some(0) || (*before && !self.again(&node.id, condition.as_deref(), frame, token)?) {
                    self.push(Work::Over { frame, task: token, verdict: None });
                    return Ok(());
                }
                let round = Round { kind: RoundKind::Loop, total: 1, begun: 1, ..Round::default() };
                let inner = self.open_frame(at, token, Some(round), Vec::new())?;
                self.push(Work::Spawn { frame: inner, number: 1 });
                Ok(())
            }
            Some(Repeat::Many(many)) => {
                let (total, items) = self.how_many(&node.id, many, frame, token)?;
                if total == 0 {
                    if let Some(sign) = many.sign {
                        self.signed(&node.id, sign, Round::default())?;
                    }
                    self.push(Work::Over { frame, task: token, verdict: None });
                    return Ok(());
                }
                let begun = if many.sequential { 1 } else { total };
                let round = Round { kind: RoundKind::Many, total, begun, ..Round::default() };
                let inner = self.open_frame(at, token, Some(round), items)?;
                for number in 1..=begun {
                    self.push(Work::Spawn { frame: inner, number });
                }
                Ok(())
            }
            None => self.begin_body(at, token),
        }
    }

    fn again(&self, element: &str, condition: Option<&str>, frame: u64, token: u64) -> Result<bool, RunError> {
        match condition {
            Some(condition) => self.holds(element, condition, frame, Some(token)),
            None => Ok(true),
        }
    }

    fn how_many(&self, element: &str, many: &Many, frame: u64, token: u64) -> Result<(u32, Vec<Value>), RunError> {
        let asked = many.collection.as_deref().or(many.cardinality.as_deref()).unwrap_or_default();
        let (number, items) = match self.value(element, asked, frame, Some(token))? {
            Value::Array(items) if many.collection.is_some() => (items.len() as u64, items),
            // FEEL: a single value stands for the list with it.
            item if many.collection.is_some() && !item.is_null() => (1, vec![item]),
            Value::Number(number) if many.collection.is_none() => {
                let whole = number.as_u64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0 && *n >= 0.0).map(|n| n as u64));
                let whole = whole.ok_or_else(|| wrong(element, asked, "a whole number is needed"))?;
                // Signers may be added to and removed from people's rounds: they are numbered by their place in the list.
                let human = self.model.node(element).is_some_and(|node| node.kind.is_human());
                (whole, if human && whole <= MAX_INSTANCES { vec![Value::Null; whole as usize] } else { Vec::new() })
            }
            _ => {
                return Err(wrong(element, asked, if many.collection.is_some() { "a list is needed" } else { "a whole number is needed" }));
            }
        };
        if number > MAX_INSTANCES {
            return Err(RunError::TooManyInstances { element: element.to_owned(), number });
        }
        Ok((u32::try_from(number).unwrap_or(u32::MAX), items))
    }

    /// The next one of a round begins.
    pub(super) fn spawn(&mut self, frame: u64, number: u32) -> Result<(), RunError> {
        let Some(there) = self.instance.frames.get(&frame) else { return Ok(()) };
        let item = there.items.get(number.saturating_sub(1) as usize).cloned().unwrap_or_default();
        let kind = there.round.unwrap_or_default().kind;
        let element = if kind == RoundKind::Undo { item.as_str().unwrap_or_default().to_owned() } else { there.at.clone() };
        let at = self.node_at(&element)?;
        let previous = self.instance.tokens.get(&there.owner).and_then(|owner| owner.previous.clone());
        let id = self.next();
        let stand = super::scopes::stands(self.model.nodes[at].kind, false);
        let item = if kind == RoundKind::Undo { Value::Null } else { item };
        let token = Token { at: element, stand, frame, number, item, previous, ..Token::default() };
        self.state(Event::Placed { task: TaskRef(id), token: Box::new(token) })?;
        if matches!(kind, RoundKind::Before | RoundKind::After | RoundKind::Beside) { Ok(()) } else { self.begin_body(at, id) }
    }

    /// How signing steps are settled; none for other steps.
    pub(super) fn sign_of(&self, token: &Token) -> Option<Sign> {
        let round = self.instance.frames.get(&token.frame)?.round?;
        match round.kind {
            RoundKind::Many => match self.model.node(&token.at)?.repeat.as_ref()? {
                Repeat::Many(many) => many.sign,
                Repeat::Loop { .. } => None,
            },
            _ => None,
        }
    }

    /// What a signer says; others say nothing.
    pub(super) fn verdict(&self, task: TaskRef, token: &Token, variables: &Value) -> Result<Option<bool>, RunError> {
        let said = match variables.get("verdict").and_then(Value::as_str) {
            Some("agree") => Some(true),
            Some("disagree") => Some(false),
            _ => None,
        };
        match self.sign_of(token) {
            Some(_) if said.is_none() => Err(RunError::VerdictMissing { task }),
            Some(_) => Ok(said),
            None => Ok(None),
        }
    }

    /// One of a round is done.
    pub(super) fn one_done(&mut self, id: u64, verdict: Option<bool>) -> Result<(), RunError> {
        let (at, way) = self.depart(id, Gone::Done)?;
        let frame = way.frame;
        let Some(mut round) = self.instance.frames.get(&frame).and_then(|frame| frame.round) else { return Ok(()) };
        round.done += 1;
        match verdict {
            Some(true) => round.agree += 1,
            Some(false) => round.disagree += 1,
            None => {}
        }
        self.state(Event::RoundAdvanced { frame, round })?;
        self.go_on_with_round(at, frame)
    }

    /// Settles a round, or begins the next one.
    pub(super) fn go_on_with_round(&mut self, at: usize, frame: u64) -> Result<(), RunError> {
        let Some(there) = self.instance.frames.get(&frame) else { return Ok(()) };
        let (owner, Some(mut round)) = (there.owner, there.round) else { return Ok(()) };
        let node = &self.model.nodes[at];
        match (round.kind, &node.repeat) {
            (RoundKind::Loop, Some(Repeat::Loop { condition, maximum, .. })) => {
                let outer = self.instance.tokens.get(&owner).map_or(0, |owner| owner.frame);
                let most = maximum.is_some_and(|most| round.begun >= most);
                if most || condition.is_none() && maximum.is_none() || !self.again(&node.id, condition.as_deref(), outer, owner)? {
                    return self.round_over(frame, owner);
                }
                round.total += 1;
                round.begun += 1;
                self.state(Event::RoundAdvanced { frame, round })?;
                self.push(Work::Spawn { frame, number: round.begun });
                Ok(())
            }
            (RoundKind::Many, Some(Repeat::Many(many))) => {
                let settled = round.done >= round.total
                    || many.sign.is_some_and(|sign| settled(sign, round))
                    || match &many.completion {
                        Some(condition) if round.done > 0 => self.holds(&node.id, condition, frame, None)?,
                        _ => false,
                    };
                if settled {
                    if let Some(sign) = many.sign {
                        self.signed(&node.id, sign, round)?;
                    }
                    return self.round_over(frame, owner);
                }
                if many.sequential && round.begun == round.done {
                    round.begun += 1;
                    self.state(Event::RoundAdvanced { frame, round })?;
                    self.push(Work::Spawn { frame, number: round.begun });
                }
                Ok(())
            }
            _ if round.done >= round.total => self.round_over(frame, owner),
            _ => Ok(()),
        }
    }

    /// What a signing round came to, as variables.
    fn signed(&mut self, element: &str, sign: Sign, round: Round) -> Result<(), RunError> {
        let agreed = match sign.mode {
            SignMode::All | SignMode::Turn => round.disagree == 0,
            SignMode::Any => round.agree > 0,
            SignMode::Vote { of, out_of } => enough(round.agree, round.total, of, out_of),
        } && !(sign.veto && round.disagree > 0);
        self.assign(&json!({
            format!("{element}_agreed"): agreed,
            format!("{element}_agree"): round.agree,
            format!("{element}_disagree"): round.disagree,
        }))
    }

    fn round_over(&mut self, frame: u64, owner: u64) -> Result<(), RunError> {
        let kind = self.instance.frames.get(&frame).and_then(|frame| frame.round).unwrap_or_default().kind;
        self.empty_frame(frame, None)?;
        self.keep_undoable(frame)?;
        self.state(Event::FrameClosed { frame })?;
        let Some(holder) = self.instance.tokens.get(&owner) else { return Ok(()) };
        let (outer, signed) = (holder.frame, holder.signed);
        match kind {
            RoundKind::Before => self.state(Event::Turned { task: TaskRef(owner), stand: Stand::Task }),
            RoundKind::Beside if !signed => Ok(()),
            _ => {
                self.push(Work::Over { frame: outer, task: owner, verdict: None });
                Ok(())
            }
        }
    }

    /// A plain task is done: do signers come after it, or still sign beside it?
    pub(super) fn waits_for_signers(&mut self, id: u64) -> Result<bool, RunError> {
        let Some(token) = self.instance.tokens.get(&id) else { return Ok(false) };
        let task = TaskRef(id);
        if token.inner.is_some() {
            // Beside: the others have not all signed.
            self.state(Event::Awaits { task, after: Vec::new(), signed: true })?;
            self.state(Event::Turned { task, stand: Stand::Paused })?;
            return Ok(true);
        }
        if token.after.is_empty() || token.signed {
            return Ok(false);
        }
        let (at, who) = (self.node_at(&token.at)?, token.after.clone());
        self.state(Event::Awaits { task, after: Vec::new(), signed: true })?;
        self.begin_signers(at, id, RoundKind::After, who)?;
        Ok(true)
    }

    /// Added signers of a plain task begin.
    pub(super) fn begin_signers(&mut self, at: usize, owner: u64, kind: RoundKind, who: Vec<Value>) -> Result<(), RunError> {
        let total = u32::try_from(who.len()).unwrap_or(u32::MAX);
        let frame = self.open_frame(at, owner, Some(Round { kind, total, begun: total, ..Round::default() }), who)?;
        for number in 1..=total {
            self.push(Work::Spawn { frame, number });
        }
        Ok(())
    }
}

/// Whether nothing can change the outcome any more.
fn settled(sign: Sign, round: Round) -> bool {
    match sign.mode {
        SignMode::Any => round.done > 0,
        SignMode::All | SignMode::Turn => sign.veto && round.disagree > 0,
        SignMode::Vote { of, out_of } => {
            let open = round.total.saturating_sub(round.done);
            (sign.veto && round.disagree > 0)
                || enough(round.agree, round.total, of, out_of)
                || !enough(round.agree + open, round.total, of, out_of)
        }
    }
}

fn enough(agree: u32, total: u32, of: u32, out_of: u32) -> bool {
    u64::from(agree) * u64::from(out_of) >= u64::from(total) * u64::from(of) && total > 0
}

fn wrong(element: &str, expression: &str, reason: &str) -> RunError {
    RunError::Condition { element: element.to_owned(), expression: expression.to_owned(), reason: reason.to_owned() }
}
