import Frontend
import OCI
import Store

/// What a step takes from elsewhere, as ingredients of its key: what it is, never where it is from or when it was made.
struct RemoteIngredients {
    let remotes: RemoteSources

    func ingredients(of operation: Operation) throws(BuildError) -> [Ingredient] {
        guard case .copy(let copy) = operation else { return [] }
        var list: [Ingredient] = []
        for source in copy.sources {
            switch source {
            case .git(let address, let span):
                do {
                    list.append(Ingredient("the commit of \(address.name)", try describe(address)))
                } catch {
                    throw error.at(span)
                }
            case .web(let address, let checksum, let span):
                let digest: Digest
                do { digest = try remotes.contents(of: address, expecting: checksum) } catch { throw error.at(span) }
                list.append(Ingredient(Array("the contents of ".utf8) + address.fileName, Array("\(digest)".utf8)))
            case .path, .inline: continue
            }
        }
        return list
    }

    private func describe(_ address: GitAddress) throws(BuildError) -> String {
        let commit = try remotes.commit(of: address)
        let submodules = address.takesSubmodules ? "with submodules" : "alone"
        guard address.keepsGitFolder ?? false, address.subfolder.isEmpty else {
            return "\(commit.commit) \(submodules)"
        }
        return "\(commit.object) \(submodules) \(commit.reference ?? "") of \(address.remote)"
    }
}
