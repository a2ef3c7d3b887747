//! What subtrees would do at the prices around one level, tick by tick.

use super::node::Node;

/// Ticks in a block; and where the foot of the level stands in the block in the middle.
const TICKS: usize = 8;
const FOOT: usize = 3;

/// Amounts tick by tick, in blocks of a length the compiler knows.
type Block = [i64; TICKS];

/// What each node would do at the prices around the foot of one level, tick by tick.
///
/// A node reached over h lines, there or on from there, steps at most h ticks away from the foot
/// of a level: its price is the root's less or more a tick a line. So beyond the longest way in
/// the forest all is as in the middle of the level, or of the one before.
#[derive(Debug, Clone)]
pub(super) struct Responses {
    /// Blocks of each node: as many before the one with the foot as after it.
    blocks: usize,
    /// `[node][tick]`: surplus of the subtree at the node's own price; of leaves unknown.
    nets: Vec<Block>,
    /// `[node][tick]`: what it sends to its parent at the parent's price.
    sents: Vec<Block>,
}

impl Responses {
    /// Room for the nodes of a forest of some depth.
    pub fn new(nodes: usize, depth: usize) -> Self {
        // A tick more than the longest way, below the foot and above it.
        let blocks = 1 + 2 * (depth + 1 - FOOT.min(depth + 1)).div_ceil(TICKS);
        Self {
            blocks,
            nets: vec![[0; TICKS]; nodes * blocks],
            sents: vec![[0; TICKS]; nodes * blocks],
        }
    }

    /// Where the foot stands among a node's ticks.
    #[inline(always)]
    fn foot(&self) -> usize {
        self.blocks / 2 * TICKS + FOOT
    }

    /// The lowest of the prices within `height` ticks of the foot at which the surplus of a
    /// node's subtree is so much, as ticks above the foot, and the surplus there; the highest of
    /// them where none is.
    #[inline]
    pub fn reaches(&self, at: usize, height: usize, surplus: i64) -> (i64, i64) {
        let nets = self.nets[at * self.blocks..][..self.blocks].as_flattened();
        let nets = &nets[self.foot() - height..=self.foot() + height];
        let place = nets.iter().position(|&net| net >= surplus);
        let place = place.unwrap_or(2 * height);
        (place as i64 - height as i64, nets[place])
    }

    /// What a node sends to its parent whose price is so many ticks from the foot of the level;
    /// further away nothing changes.
    #[inline(always)]
    pub fn sent(&self, at: usize, tick: i64) -> i64 {
        let last = (self.blocks * TICKS) as i64 - 1;
        let place = (tick + self.foot() as i64).clamp(0, last) as usize;
        self.sents[at * self.blocks + place / TICKS][place % TICKS]
    }

    /// Looks at a subtree around the foot of a level, of so many `levels`.
    pub fn look(&mut self, nodes: &[Node], at: usize, level: usize, levels: usize) {
        let (from, blocks) = (at * self.blocks, self.blocks);
        let node = &nodes[at];
        let (below, above) = (node.own(level), node.own((level + 1).min(levels)));
        let (a, b) = (below, above);
        fill(&mut self.nets[from..][..blocks], [a, a, a, b, b, b, b, b]);
        for child in node.children.clone() {
            self.look_below(nodes, child, level, levels);
            let sents = &self.sents[child * blocks..][..blocks];
            for (nets, sents) in self.nets[from..][..blocks].iter_mut().zip(sents) {
                for (net, sent) in nets.iter_mut().zip(sents) {
                    *net += sent;
                }
            }
        }
    }

    /// Looks at a subtree and at what it sends to its parent.
    fn look_below(&mut self, nodes: &[Node], at: usize, level: usize, levels: usize) {
        let (from, blocks) = (at * self.blocks, self.blocks);
        let node = &nodes[at];
        if node.height == 0 {
            let (below, above) = (node.own(level), node.own((level + 1).min(levels)));
            let low = node.sends(below, below);
            let (around, high) = (node.sends(below, above), node.sends(above, above));
            let (a, b, c) = (low, around, high);
            fill(&mut self.sents[from..][..blocks], [a, a, b, b, c, c, c, c]);
            return;
        }
        self.look(nodes, at, level, levels);
        let nets = &self.nets[from..][..blocks];
        let sents = &mut self.sents[from..][..blocks];
        let mut before = nets[0][0];
        for (index, (sents, here)) in sents.iter_mut().zip(nets).enumerate() {
            let beyond = nets.get(index + 1).map_or(here[TICKS - 1], |next| next[0]);
            let [a, b, c, d, e, f, g, h] = *here;
            let selling = [before, a, b, c, d, e, f, g];
            let buying = [b, c, d, e, f, g, h, beyond];
            *sents = std::array::from_fn(|place| node.sends(selling[place], buying[place]));
            before = h;
        }
    }
}

/// Fills a row of which the block in the middle is known: before and after it nothing changes.
#[inline]
fn fill(row: &mut [Block], middle: Block) {
    let at = row.len() / 2;
    let (before, rest) = row.split_at_mut(at);
    before.fill([middle[0]; TICKS]);
    if let [block, after @ ..] = rest {
        *block = middle;
        after.fill([middle[TICKS - 1]; TICKS]);
    }
}
