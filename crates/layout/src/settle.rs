//! Settles numbers that wish to be somewhere, but must keep their order and their distances.
//!
//! To be as near as can be to the wishes, by least squares, is what pooling adjacent violators finds, exactly and in linear time
//! (M. Ayer and others, "An empirical distribution function for sampling with incomplete information", 1955).

/// Numbers that keep their order.
#[derive(Default)]
pub(crate) struct Line {
    pub(crate) wishes: Vec<Wish>,
    pools: Vec<Pool>,
}

/// What one number wishes for, how much, and its least distance from the one before.
pub(crate) struct Wish {
    pub(crate) at: f64,
    pub(crate) weight: f64,
    pub(crate) gap: f64,
}

/// Numbers that touch: they move as one.
struct Pool {
    /// Sum of their weights.
    weight: f64,
    /// Sum of weights times wishes, each wish less all the gaps that lie before it.
    sum: f64,
    /// The number after the last of them.
    end: usize,
}

impl Line {
    /// The numbers nearest to the wishes.
    pub(crate) fn settle(&mut self) -> impl Iterator<Item = f64> {
        self.pools.clear();
        let mut offset = 0.0;
        for (index, wish) in self.wishes.iter().enumerate() {
            offset += wish.gap;
            let mut pool = Pool { weight: wish.weight, sum: wish.weight * (wish.at - offset), end: index + 1 };
            while let Some(last) = self.pools.pop_if(|last| last.sum * pool.weight >= pool.sum * last.weight) {
                pool.weight += last.weight;
                pool.sum += last.sum;
            }
            self.pools.push(pool);
        }
        let Self { wishes, pools } = &*self;
        let (mut pool, mut start, mut offset) = (0, 0, 0.0);
        wishes.iter().enumerate().map(move |(index, wish)| {
            offset += wish.gap;
            if index == pools[pool].end {
                pool += 1;
                start = index;
            }
            // A wish that nobody disputes comes true to the last bit: what stood still must not drift.
            if pools[pool].end - start == 1 { wish.at } else { pools[pool].sum / pools[pool].weight + offset }
        })
    }
}
