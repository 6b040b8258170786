use gordian_diagnose::{diagnose, horn::Program};
use gordian_reconcile::*;
fn main() {
    let mut t = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin(), &mut t).unwrap();
    let w = fixture::parse(&t).unwrap();
    let d = diagnose(&w);
    for s in &d.stuck {
        println!("stuck {} {}", s.object.key, s.root_cause);
    }
    for s in &d.finishing {
        println!("finishing {}", s.key);
    }
    let goals: Vec<Fact> = w.objects().filter(|(_, o)| o.deleting()).map(|(_, o)| Fact::Gone((&**o).into())).collect();
    let p = Program::new(&w, &goals);
    let f = p.fixed_point(&[]);
    for (i, fact) in p.facts.iter().enumerate() {
        println!("{i} {} {:?}", f[i], fact);
        for &r in &p.rules_of[i] {
            println!("    <- {:?} {:?}", p.rules[r].body, p.rules[r].provision.map(|x| p.provisions[x].rule));
        }
    }
    let mut tl = Timeline::new(w);
    tl.run(50);
    for s in tl.steps() {
        println!(
            "{:?} {} {:?}",
            s.rule,
            s.key,
            s.requests.iter().map(|(r, x)| (r.target.to_string(), x.code())).collect::<Vec<_>>()
        );
    }
}
